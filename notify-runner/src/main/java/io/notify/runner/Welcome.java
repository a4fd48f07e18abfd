package io.notify.runner;

import io.notify.jwt.JwtIssuer;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;

/** What is printed once it listens: one line in production; in development also lines to paste that work at once. */
record Welcome(Configuration configuration, Keys keys, Clock clock) {
    String text(int port) {
        String address = host() + ":" + port;
        return configuration.environment() == Environment.PRODUCTION
                ? "notify listens on http://" + address + "\n"
                : development(address);
    }

    private String development(String address) {
        var text = new StringBuilder();
        text.append("notify listens on http://")
                .append(address)
                .append(" in development mode (NOTIFY_ENV=production ends it)\n");
        text.append("  database   ").append(configuration.database().shownUrl()).append('\n');
        keys.dev()
                .ifPresent(dev -> text.append("  secret     ")
                        .append(dev.path())
                        .append(dev.isNew() ? ", made now for this database\n" : ", kept from before\n"));
        keys.issuer(configuration.signIn(), clock).ifPresent(issuer -> text.append(lines(address, issuer)));
        return text.toString();
    }

    private String lines(String address, JwtIssuer issuer) {
        Duration lifetime = configuration.signIn().tokenLifetime();
        String user = issuer.mint("demo", Set.of(), null, lifetime);
        String admin = issuer.mint("admin", Set.of("ADMIN"), null, lifetime);
        return """

                Open the page with stock clients, as user demo:
                  http://%1$s/#token=%2$s

                Open the dashboard, as an administrator:
                  http://%1$s/admin/#token=%3$s

                Open an inbox that a page of yours could have, as user demo:
                  http://%1$s/inbox.html#token=%2$s

                Listen as user demo, by WebSocket or by Server-Sent Events:
                  npx wscat -c 'ws://%1$s/ws/notifications?token=%2$s'
                  curl -N -H 'Authorization: Bearer %2$s' http://%1$s/notifications/sse

                Send to user demo, as an administrator:
                  curl -H 'Authorization: Bearer %3$s' -H 'Content-Type: application/json' -d '{"audience":{"user":"demo"},"event":"booking.created","data":{"bookingId":7,"service":"Cleaning"}}' http://%1$s/notifications

                """.formatted(address, user, admin);
    }

    private String host() {
        String host = configuration.listen().host();
        return switch (host) {
            // what one types on this machine, where these mean every address and none can be typed
            case "127.0.0.1", "0.0.0.0", "::1", "::" -> "localhost";
            default -> host.contains(":") ? "[" + host + "]" : host;
        };
    }
}
