package io.notify.examples;

import io.notify.Audience;
import io.notify.NotificationService;
import io.notify.RoomPolicy;
import io.notify.jdbc.JdbcNotificationLog;
import io.notify.jwt.JwtAuthenticator;
import io.notify.netty.NotifyServer;
import java.util.List;
import java.util.Map;

/**
 * Notifications inside one's own Java program: a log in a file, sign-in by JWT, one port, one call to send.
 *
 * <p>Arguments: the port, the database's JDBC URL, the secret that tokens are signed with.
 */
public final class Embedding implements AutoCloseable {
    private final NotificationService service;
    private final NotifyServer server;

    /** Starts it; the port may be 0. */
    public Embedding(int port, String databaseUrl, String jwtSecret) {
        service = NotificationService.builder()
                .log(JdbcNotificationLog.builder().url(databaseUrl).build())
                .authenticator(JwtAuthenticator.builder().hmacSecret(jwtSecret).build())
                .roomPolicy(RoomPolicy.matching(List.of("job:*")))
                .on(
                        "orders.count",
                        (client, data) -> Map.of("userId", client.identity().userId(), "orders", 3))
                .build();
        server = NotifyServer.builder(service).port(port).start();
    }

    /** The port it listens on. */
    public int port() {
        return server.port();
    }

    /** What the rest of the program calls; the user may be online, on several devices, or away. */
    public void bookingCreated(String professionalId, String bookingId, String customer) {
        service.send(
                Audience.user(professionalId),
                "booking.created",
                Map.of("bookingId", bookingId, "customerName", customer));
    }

    @Override
    public void close() {
        server.close();
        service.close();
    }

    public static void main(String[] args) throws InterruptedException {
        Embedding program = new Embedding(Integer.parseInt(args[0]), args[1], args[2]);
        Runtime.getRuntime().addShutdownHook(new Thread(program::close));
        System.out.println("listening on port " + program.port());
        Thread.currentThread().join();
    }
}
