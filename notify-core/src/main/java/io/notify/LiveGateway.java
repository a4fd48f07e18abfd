package io.notify;

import com.github.f4b6a3.uuid.UuidCreator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Authenticates clients for the transports, and counts the outcomes. */
final class LiveGateway implements Gateway {
    private static final Logger LOG = LoggerFactory.getLogger(LiveGateway.class);

    private final Hub hub;
    private final Authenticator authenticator;
    private final RecoveryIds recoveryIds;
    private final EventLane.Opener opener;
    private final ConnectionMeters meters;
    private final Tracing tracing;

    LiveGateway(
            Hub hub,
            Authenticator authenticator,
            RecoveryIds recoveryIds,
            EventLane.Opener opener,
            ConnectionMeters meters,
            Tracing tracing) {
        this.hub = hub;
        this.authenticator = authenticator;
        this.recoveryIds = recoveryIds;
        this.opener = opener;
        this.meters = meters;
        this.tracing = tracing;
    }

    @Override
    public Lane lane(Executor eventLoop) {
        return hub.lane(eventLoop, opener);
    }

    @Override
    public CompletionStage<Identity> authenticate(@Nullable String token) {
        CompletionStage<Identity> answer = authenticateBare(token == null ? "" : BearerToken.withoutScheme(token));
        CompletionStage<Identity> unused = answer.whenComplete(this::record);
        return answer;
    }

    private CompletionStage<Identity> authenticateBare(String bare) {
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

    private void record(@Nullable Identity identity, @Nullable Throwable failure) {
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
                // other exceptions come from the host's authenticator, and their messages may quote the token
                .addKeyValue("why", cause instanceof AuthenticationException ? cause.getMessage() : "")
                .log("a token was refused");
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
    public <T> T continuing(Function<String, @Nullable String> header, Supplier<T> work) {
        return tracing.continuing(header, work);
    }
}
