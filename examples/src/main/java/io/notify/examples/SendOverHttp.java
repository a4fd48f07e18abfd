package io.notify.examples;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;

/**
 * Sending from another process with nothing but the JDK. The idempotency key makes it safe to try again after a timeout.
 *
 * <p>Arguments: the server's base URL, a token with the role SERVICE or ADMIN, the user to send to.
 */
public final class SendOverHttp {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private SendOverHttp() {}

    /** Sends one and returns the receipt as JSON. */
    public static String send(URI server, String token, String userId) throws IOException, InterruptedException {
        String body = """
                {"audience": {"user": "%s"}, "event": "booking.created", "data": {"bookingId": "B-7"}}""".formatted(userId);
        HttpRequest request = HttpRequest.newBuilder(server.resolve("/notifications"))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 201) {
            throw new IOException("POST /notifications answered " + answer.statusCode() + ": " + answer.body());
        }
        return answer.body();
    }

    public static void main(String[] args) throws Exception {
        System.out.println(send(URI.create(args[0]), args[1], args[2]));
    }
}
