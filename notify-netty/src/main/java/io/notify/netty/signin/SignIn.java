package io.notify.netty.signin;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.cookie.Cookie;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import io.notify.AuthenticationException;
import io.notify.Gateway;
import io.notify.Identity;
import io.notify.KeyedRateLimiter;
import io.notify.netty.http.HttpExchange;
import io.notify.netty.http.HttpReply;
import io.notify.netty.http.PeerAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The one way from a request to an identity; an address that was refused too often waits. Internal to notify-netty. Any
 * thread; does not block.
 */
public final class SignIn {
    private static final String COOKIE = "access_token";
    private static final String AMBIGUOUS = "several tokens";
    private static final int MAX_ADDRESSES = 100_000;

    private final Gateway gateway;
    private final KeyedRateLimiter<InetAddress> refusals;
    private final LongAdder refused = new LongAdder();
    private final LongAdder limited = new LongAdder();

    /**
     * Makes the sign-in of one server.
     *
     * @param maxRefused refusals an address may collect within {@code window}
     * @param nanoClock measures the window
     */
    public SignIn(Gateway gateway, int maxRefused, Duration window, LongSupplier nanoClock) {
        this.gateway = gateway;
        this.refusals = new KeyedRateLimiter<>(maxRefused, window, MAX_ADDRESSES, nanoClock);
    }

    /**
     * The token of a request: header before query. Null if it has none; one that nobody signed if there are several, since
     * whoever stands between might have looked at another one than we do.
     */
    public static @Nullable String token(HttpExchange exchange) {
        List<String> headers = exchange.headers().getAll(HttpHeaderNames.AUTHORIZATION);
        String header = only(headers);
        return header != null && !header.isBlank()
                ? header
                : only(exchange.query().get("token"));
    }

    /** The only one; null if there is none, {@value #AMBIGUOUS} if there are several. */
    public static @Nullable String only(@Nullable List<String> tokens) {
        if (tokens == null || tokens.isEmpty()) {
            return null;
        }
        return tokens.size() == 1 ? tokens.get(0) : AMBIGUOUS;
    }

    /** As {@link #token}, and last the cookie {@code access_token}, which EventSource can send with no query. */
    public static @Nullable String tokenOrCookie(HttpExchange exchange) {
        String token = token(exchange);
        String cookies = exchange.header(HttpHeaderNames.COOKIE);
        if (token != null || cookies == null) {
            return token;
        }
        for (Cookie cookie : ServerCookieDecoder.LAX.decode(cookies)) {
            if (cookie.name().equals(COOKIE)) {
                return cookie.value();
            }
        }
        return null;
    }

    /**
     * Checks a token, in the name of an address. A refusal completes the stage with {@link AuthenticationException}.
     *
     * @param address where it came from, see {@link #address}
     */
    public CompletionStage<Identity> check(@Nullable String token, InetAddress address) {
        if (refusals.retryAfterMillis(address) > 0) {
            limited.increment();
            return CompletableFuture.failedFuture(new TooManyAttempts());
        }
        return gateway.authenticate(token).whenComplete((identity, failure) -> {
            if (failure != null) {
                refused.increment();
                refusals.tryAcquire(address);
            }
        });
    }

    /** How many tokens were refused so far. */
    public long refused() {
        return refused.sum();
    }

    /** How many attempts were not looked at, because their address had been refused too often. */
    public long limited() {
        return limited.sum();
    }

    /** The address limits count by. */
    public static InetAddress address(HttpExchange exchange) {
        return address(exchange.remoteAddress());
    }

    /** The same of a connection. */
    public static InetAddress address(InetSocketAddress remote) {
        return PeerAddress.counted(remote.getAddress());
    }

    /** What a refused request is answered: 401, or 429 to an address that was refused too often. */
    public static HttpReply refusal(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        if (cause instanceof TooManyAttempts) {
            return HttpReply.problem(429, "Too many refused sign-ins from this address.")
                    .withHeader("Retry-After", "10");
        }
        return HttpReply.problem(401, "A valid token is needed.").withHeader("WWW-Authenticate", "Bearer");
    }

    /** Roles that may send over HTTP. */
    public static boolean maySend(Identity identity) {
        return List.of("ADMIN", "SERVICE").stream().anyMatch(identity::hasRole);
    }

    /** An address was refused too often; it is told to wait. */
    public static final class TooManyAttempts extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooManyAttempts() {
            super("too many refused sign-ins from this address", null, false, false);
        }
    }
}
