package io.notify;

import com.fasterxml.jackson.core.JsonGenerator;
import com.github.f4b6a3.uuid.UuidCreator;
import io.notify.json.RawJson;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens connections: joins first and looks at the log after, so that no notification falls between replay and live. */
final class LiveGateway implements Gateway {
    private static final Logger LOG = LoggerFactory.getLogger(LiveGateway.class);
    private static final String BEARER = "bearer";
    private static final int HELLO_SIZE = 384;

    private final Hub hub;
    private final Authenticator authenticator;
    private final RecoveryIds recoveryIds;
    private final ConnectionContext context;
    private final Supplier<RateLimiter> limiters;
    private final Meters meters;
    private final Tracing tracing;
    private final AtomicLong serials = new AtomicLong();

    LiveGateway(
            Hub hub,
            Authenticator authenticator,
            RecoveryIds recoveryIds,
            ConnectionContext context,
            Supplier<RateLimiter> limiters,
            Meters meters,
            Tracing tracing) {
        this.hub = hub;
        this.authenticator = authenticator;
        this.recoveryIds = recoveryIds;
        this.context = context;
        this.limiters = limiters;
        this.meters = meters;
        this.tracing = tracing;
    }

    @Override
    public Lane lane(Executor eventLoop) {
        return hub.lane(eventLoop);
    }

    @Override
    public CompletionStage<Identity> authenticate(@Nullable String token) {
        CompletionStage<Identity> answer = ask(token == null ? "" : withoutScheme(token));
        CompletionStage<Identity> unused = answer.whenComplete(this::told);
        return answer;
    }

    private CompletionStage<Identity> ask(String bare) {
        if (bare.isEmpty()) {
            return CompletableFuture.failedFuture(
                    new AuthenticationException(AuthenticationException.Reason.NO_TOKEN, "a token is needed"));
        }
        try {
            return authenticator.authenticate(bare);
        } catch (RuntimeException e) {
            LOG.error("the authenticator failed", e);
            return CompletableFuture.failedFuture(new AuthenticationException("the token was refused"));
        }
    }

    private void told(@Nullable Identity identity, @Nullable Throwable failure) {
        if (failure == null && identity != null) {
            meters.authenticated();
            LOG.atDebug()
                    .addKeyValue("user", identity.userId())
                    .addKeyValue("roles", identity.roles())
                    .addKeyValue("expiresAt", identity.expiresAt())
                    .log("a token was accepted");
            return;
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        AuthenticationException.Reason reason =
                cause instanceof AuthenticationException known ? known.reason() : AuthenticationException.Reason.OTHER;
        meters.unauthenticated(reason);
        LOG.atDebug()
                .addKeyValue("reason", reason)
                // an authenticator of the host's may say anything, and its exceptions quote what they like
                .addKeyValue("why", cause instanceof AuthenticationException ? cause.getMessage() : "")
                .log("a token was refused");
    }

    /** The token without a {@code Bearer} in front (RFC 6750, section 2.1; the scheme's case does not matter). */
    static String withoutScheme(String token) {
        String text = token.strip();
        boolean hasScheme = text.regionMatches(true, 0, BEARER, 0, BEARER.length())
                && (text.length() == BEARER.length() || text.charAt(BEARER.length()) == ' ');
        return hasScheme ? text.substring(BEARER.length()).strip() : text;
    }

    @Override
    public String sessionId(Identity identity, @Nullable String recoveryId) {
        if (recoveryId != null) {
            String known = recoveryIds.verify(identity.userId(), recoveryId).orElse(null);
            if (known != null) {
                return known;
            }
        }
        return identity.sessionId() == null ? UuidCreator.getRandomBasedFast().toString() : identity.sessionId();
    }

    @Override
    public String recoveryId(Identity identity, String sessionId) {
        return recoveryIds.create(identity.userId(), sessionId);
    }

    @Override
    public Connection open(Lane lane, ConnectRequest request, Session session) {
        EventLane owner = (EventLane) lane;
        LiveConnection connection = new LiveConnection(
                context, owner, request, session, serials.incrementAndGet(), limiters.get(), hub.published());
        connection.enter();
        LOG.atDebug()
                .addKeyValue("connection", session.id())
                .addKeyValue("user", request.identity().userId())
                .addKeyValue("session", request.sessionId())
                .addKeyValue("transport", session.transport().wireName())
                .addKeyValue("cursor", request.cursor())
                .log("a connection opened");
        if (request.cursor() == null) {
            connection.goLive(hub.published());
            greet(connection);
        } else {
            connection.pauseAt(cursor(request.cursor()));
            context.replay().open(connection, () -> greet(connection));
        }
        owner.flush();
        return connection;
    }

    @Override
    public <T> T continuing(Function<String, @Nullable String> header, Supplier<T> work) {
        return tracing.continuing(header, work);
    }

    /** A cursor that is none of ours is treated like one of another epoch: the client is told of a gap. */
    private static Position cursor(String text) {
        try {
            return Position.parse(text);
        } catch (IllegalArgumentException e) {
            return new Position("unknown", 0);
        }
    }

    private void greet(LiveConnection connection) {
        byte[] hello = context.json().object(HELLO_SIZE, generator -> {
            generator.writeStringField("userId", connection.identity().userId());
            writeArray(generator, "roles", connection.identity().roles());
            generator.writeStringField("sessionId", connection.sessionId());
            generator.writeStringField("socketId", connection.socketId());
            writeArray(generator, "rooms", connection.rooms());
            generator.writeStringField("position", connection.position().toString());
            generator.writeStringField("serverTime", Timestamps.write(context.now()));
        });
        connection.send("connected", new RawJson(hello));
    }

    private static void writeArray(JsonGenerator generator, String name, Set<String> values) throws IOException {
        generator.writeArrayFieldStart(name);
        for (String value : values) {
            generator.writeString(value);
        }
        generator.writeEndArray();
    }
}
