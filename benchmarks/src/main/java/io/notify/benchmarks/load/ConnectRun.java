package io.notify.benchmarks.load;

import io.notify.benchmarks.server.Server;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** All clients come in at once, go, and come again, on one process: the first time it is cold, in the end it is itself. */
final class ConnectRun {
    /** In which the server sees them gone. */
    private static final long SETTLE_SECONDS = 2;

    private static final Pattern POSITION = Pattern.compile("\"position\":\"([^\"]+)\"");

    private ConnectRun() {}

    static void happen(Stage stage) throws IOException, InterruptedException {
        Subscribers clients = stage.clients((client, note) -> {});
        String cursor = stage.plan().resume() ? position(stage.server()) : null;
        for (int storm = 1; storm <= stage.plan().storms(); storm++) {
            stage.enter(clients, "storm " + storm, cursor);
            clients.leave();
            stage.patience().pass(SETTLE_SECONDS);
        }
        stage.requireAllStayed(clients);
    }

    /** That of a notification to somebody who is not among them. */
    private static String position(Server server) throws IOException, InterruptedException {
        HttpRequest send = HttpRequest.newBuilder(server.http("/notifications"))
                .timeout(Duration.ofSeconds(10))
                .header("Authorization", "Bearer " + Server.token("back-end", "SERVICE"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"audience\":{\"user\":\"nobody\"},\"event\":\"note\",\"title\":\"t\",\"message\":\"m\"}"))
                .build();
        String answer = HttpClient.newHttpClient()
                .send(send, HttpResponse.BodyHandlers.ofString())
                .body();
        Matcher position = POSITION.matcher(answer);
        if (!position.find()) {
            throw new IOException("a send was answered with " + answer + " (expected: a position)");
        }
        return position.group(1);
    }
}
