package io.notify.netty.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.notify.AuthenticationException;
import io.notify.Identity;
import io.notify.InvalidNotificationException;
import io.notify.LogUnavailableException;
import io.notify.SendRefusedException;
import io.notify.netty.http.HttpExchange;
import io.notify.netty.http.HttpHandler;
import io.notify.netty.http.HttpReply;
import io.notify.netty.signin.SignIn;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the method, the identity and the role of a request before its endpoint runs. Every failure is answered as
 * problem+json (RFC 9457). Any thread.
 */
final class Guard {
    private static final Logger LOG = LoggerFactory.getLogger(Guard.class);

    private final SignIn signIn;
    /** Independent of the application's mapper, whose settings would change the responses. */
    private final ObjectMapper mapper = new ObjectMapper();

    Guard(SignIn signIn) {
        this.signIn = signIn;
    }

    /** Dispatches requests by method. Any other method is answered with 405. */
    static HttpHandler methods(Map<String, HttpHandler> byMethod) {
        String allow = String.join(", ", byMethod.keySet().stream().sorted().toList());
        return exchange -> {
            HttpHandler handler = byMethod.get(exchange.method());
            if (handler == null) {
                exchange.reply(problem(405, "Allowed here: " + allow, null).withHeader("Allow", allow));
            } else {
                handler.handle(exchange);
            }
        };
    }

    /** Passes a request with its identity to a handler, if the identity is permitted. */
    HttpHandler signedIn(Predicate<Identity> may, BiConsumer<HttpExchange, Identity> handler) {
        return exchange -> signIn.check(SignIn.token(exchange), SignIn.address(exchange))
                .whenComplete((identity, failure) -> exchange.loop().run(() -> {
                    if (failure != null) {
                        fail(exchange, failure);
                    } else if (!may.test(identity)) {
                        exchange.reply(problem(403, "Your role may not do this.", null));
                    } else {
                        guarded(exchange, () -> handler.accept(exchange, identity));
                    }
                }));
    }

    /** Runs a step of an endpoint, and answers the request if the step throws. */
    void guarded(HttpExchange exchange, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            fail(exchange, e);
        }
    }

    /** Answers the request with the result of a stage, or with its failure. */
    <T> void answer(HttpExchange exchange, CompletionStage<T> stage, java.util.function.Function<T, HttpReply> reply) {
        stage.whenComplete((value, failure) -> {
            if (failure != null) {
                fail(exchange, failure);
            } else {
                guarded(exchange, () -> exchange.reply(reply.apply(value)));
            }
        });
    }

    HttpReply json(int status, Object body) {
        try {
            return HttpReply.json(status, mapper.writeValueAsBytes(body));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("view: not serializable (expected: a record of JSON types)", e);
        }
    }

    void fail(HttpExchange exchange, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        exchange.reply(replyTo(cause));
    }

    private static HttpReply replyTo(Throwable cause) {
        if (cause instanceof RequestFault fault) {
            HttpReply reply = problem(fault.status(), fault.detail(), fault.field());
            return fault.retryAfterSeconds() > 0
                    ? reply.withHeader("Retry-After", Long.toString(fault.retryAfterSeconds()))
                    : reply;
        }
        if (cause instanceof AuthenticationException || cause instanceof SignIn.TooManyAttempts) {
            return SignIn.refusal(cause);
        }
        if (cause instanceof InvalidNotificationException invalid) {
            return problem(400, String.valueOf(invalid.getMessage()), invalid.field());
        }
        if (cause instanceof SendRefusedException refused) {
            return refusal(refused);
        }
        if (cause instanceof LogUnavailableException) {
            return problem(503, "The log is unavailable.", null).withHeader("Retry-After", "1");
        }
        LOG.error("request failed", cause);
        return problem(500, "The request failed. See the log of the server.", null);
    }

    private static HttpReply refusal(SendRefusedException refused) {
        return switch (refused.reason()) {
            case IDEMPOTENCY_CONFLICT ->
                problem(409, "The idempotency key was used before with other content.", "Idempotency-Key");
            case REJECTED -> problem(400, "The log rejected the notification: " + refused.getMessage(), "body");
            case QUEUE_FULL, LOG_UNAVAILABLE, CLOSED ->
                problem(503, "The notification was not accepted: " + refused.getMessage(), null)
                        .withHeader("Retry-After", "1");
        };
    }

    private static HttpReply problem(int status, String detail, @Nullable String field) {
        HttpReply plain = HttpReply.problem(status, detail);
        if (field == null) {
            return plain;
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", "about:blank");
        body.put(
                "title",
                io.netty.handler.codec.http.HttpResponseStatus.valueOf(status).reasonPhrase());
        body.put("status", status);
        body.put("detail", detail);
        body.put("field", field);
        try {
            return HttpReply.of(status, plain.contentType(), new ObjectMapper().writeValueAsBytes(body));
        } catch (JsonProcessingException e) {
            LOG.debug("cannot add the field to a problem: {}", new String(plain.body(), StandardCharsets.UTF_8), e);
            return plain;
        }
    }
}
