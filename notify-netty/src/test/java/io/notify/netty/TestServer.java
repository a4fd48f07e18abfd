package io.notify.netty;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.notify.NotificationService;
import io.notify.RoomPolicy;
import io.notify.jwt.JwtAuthenticator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A real server on a free port, with every limit of a developer's machine out of the way. */
public final class TestServer implements AutoCloseable {
    public static final String SECRET = "a-secret-that-only-the-tests-know-0123456789";

    private final HttpClient http = HttpClient.newHttpClient();
    public final NotificationService service;
    public final NotifyServer server;

    public TestServer(UnaryOperator<NotificationService.Builder> service, UnaryOperator<NotifyServer.Builder> server) {
        this.service = service.apply(NotificationService.builder()
                        .authenticator(
                                JwtAuthenticator.builder().hmacSecret(SECRET).build())
                        .roomPolicy(RoomPolicy.matching(List.of("job:*")))
                        .rateLimit(10_000, Duration.ofSeconds(5))
                        .heartbeatInterval(Duration.ofHours(1))
                        .on("echo", (client, data) -> data)
                        .on("fail", (client, data) -> {
                            throw new IllegalStateException("on purpose");
                        }))
                .build();
        this.server = server.apply(NotifyServer.builder(this.service)
                        .port(0)
                        .host("127.0.0.1")
                        .devMode(true)
                        .connectionLimits(1_000_000, 1_000_000, 1_000_000)
                        .refusedSignIns(1_000_000, Duration.ofSeconds(10))
                        .sendLimit(1_000_000, Duration.ofSeconds(5)))
                .start();
    }

    public TestServer() {
        this(b -> b, b -> b);
    }

    public String url() {
        return "http://127.0.0.1:" + server.port();
    }

    public static String token(String user, String... roles) {
        return token(user, Duration.ofHours(1), roles);
    }

    public static String token(String user, Duration lifetime, String... roles) {
        return token(user, Instant.now().plus(lifetime), roles);
    }

    public static String token(String user, Instant expiresAt, String... roles) {
        return JWT.create()
                .withSubject(user)
                .withArrayClaim("roles", roles)
                .withExpiresAt(expiresAt)
                .sign(Algorithm.HMAC256(SECRET));
    }

    /** A token that names its session. */
    public static String tokenOf(String user, String sessionId, String... roles) {
        return JWT.create()
                .withSubject(user)
                .withClaim("sid", sessionId)
                .withArrayClaim("roles", roles)
                .withExpiresAt(Instant.now().plus(Duration.ofHours(1)))
                .sign(Algorithm.HMAC256(SECRET));
    }

    public Answer get(String path, String token, String... headers) {
        return exchange("GET", path, token, null, headers);
    }

    public Answer post(String path, String token, String body, String... headers) {
        return exchange("POST", path, token, body, headers);
    }

    public Answer exchange(String method, String path, String token, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url() + path))
                .timeout(Duration.ofSeconds(20))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.headers().map(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.close();
        service.close();
    }

    /** What came back. */
    public record Answer(int status, Map<String, List<String>> headers, String body) {
        public JsonNode json() {
            try {
                return new ObjectMapper().readTree(body);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        public String header(String name) {
            return headers.getOrDefault(name.toLowerCase(java.util.Locale.ROOT), List.of(""))
                    .get(0);
        }
    }
}
