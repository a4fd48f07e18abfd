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
 * Authenticates requests, for every endpoint. Limits the refused attempts of an address. Internal to notify-netty. Any
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
     * Creates the sign-in of one server.
     *
     * @param maxRefused refused attempts of an address within {@code window}
     * @param nanoClock clock of the window
     */
    public SignIn(Gateway gateway, int maxRefused, Duration window, LongSupplier nanoClock) {
        this.gateway = gateway;
        this.refusals = new KeyedRateLimiter<>(maxRefused, window, MAX_ADDRESSES, nanoClock);
    }

    /**
     * Returns the token of the header, else of the query, or null. Several tokens count as an invalid one, since a proxy
     * might have checked a different one.
     */
    public static @Nullable String token(HttpExchange exchange) {
        List<String> headers = exchange.headers().getAll(HttpHeaderNames.AUTHORIZATION);
        String header = single(headers);
        return header != null && !header.isBlank()
                ? header
                : single(exchange.query().get("token"));
    }

    /** Returns the only token, or null if there is none, or the invalid token {@value #AMBIGUOUS} if there are several. */
    public static @Nullable String single(@Nullable List<String> tokens) {
        if (tokens == null || tokens.isEmpty()) {
            return null;
        }
        return tokens.size() == 1 ? tokens.get(0) : AMBIGUOUS;
    }

    /** Like {@link #token}, else the cookie {@code access_token}: an EventSource can send no header. */
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
     * Authenticates a token.
     *
     * @param address address that the attempt counts for, see {@link #address}
     * @return a stage that fails with {@link AuthenticationException} if the token is refused, and with
     *     {@link TooManyAttempts} if the address has had too many refusals
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

    /** Returns the number of refused tokens. */
    public long refused() {
        return refused.sum();
    }

    /** Returns the number of attempts that were rejected unchecked, because their address had had too many refusals. */
    public long limited() {
        return limited.sum();
    }

    /** Returns the address that limits count a request for. */
    public static InetAddress address(HttpExchange exchange) {
        return address(exchange.remoteAddress());
    }

    /** Returns the address that limits count a connection for. */
    public static InetAddress address(InetSocketAddress remote) {
        return PeerAddress.counted(remote.getAddress());
    }

    /** Returns the response to a refused request: 401, or 429 if its address has had too many refusals. */
    public static HttpReply refusal(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        if (cause instanceof TooManyAttempts) {
            return HttpReply.problem(429, "Too many refused sign-ins from this address.")
                    .withHeader("Retry-After", "10");
        }
        return HttpReply.problem(401, "A valid token is needed.").withHeader("WWW-Authenticate", "Bearer");
    }

    /** Returns whether an identity may send notifications over HTTP. */
    public static boolean maySend(Identity identity) {
        return List.of("ADMIN", "SERVICE").stream().anyMatch(identity::hasRole);
    }

    /** Thrown when an address has had too many refusals and must wait. */
    public static final class TooManyAttempts extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooManyAttempts() {
            super("too many refused sign-ins from this address", null, false, false);
        }
    }
}
