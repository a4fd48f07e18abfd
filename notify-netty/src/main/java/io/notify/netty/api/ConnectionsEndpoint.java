package io.notify.netty.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.notify.Identity;
import io.notify.Presence;
import io.notify.netty.http.HttpExchange;
import io.notify.netty.http.HttpReply;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Handles {@code /admin/connections}: lists the online users with their rooms, and disconnects a connection. */
final class ConnectionsEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionsEndpoint.class);
    private static final Set<String> FIELDS = Set.of("userId", "socketId");
    private static final int MAX_BODY_BYTES = 4 * 1024;

    private final Presence presence;
    private final Guard guard;
    private final Bodies bodies;

    ConnectionsEndpoint(Presence presence, Guard guard, Bodies bodies) {
        this.presence = presence;
        this.guard = guard;
        this.bodies = bodies;
    }

    void list(HttpExchange exchange, Identity admin) {
        Parameters.OnlineQuery query = new Parameters(exchange.query()).online();
        // One more than requested shows whether there are more.
        guard.answer(
                exchange,
                presence.online(query.text(), query.limit() + 1),
                users -> guard.json(200, OperatorViews.OnlineView.of(users, query.limit())));
    }

    void disconnect(HttpExchange exchange, Identity admin) {
        exchange.readBody(
                MAX_BODY_BYTES,
                body -> guard.guarded(exchange, () -> {
                    JsonNode tree = bodies.tree(body);
                    SendBody.onlyFields("body", tree, FIELDS);
                    String user = SendBody.text(tree, "userId");
                    String socket = SendBody.text(tree, "socketId");
                    boolean found = presence.disconnect(user, socket);
                    if (found) {
                        LOG.atInfo()
                                .addKeyValue("operator", admin.userId())
                                .addKeyValue("user", user)
                                .addKeyValue("socket", socket)
                                .log("an operator closed a connection");
                    }
                    exchange.reply(
                            found
                                    ? HttpReply.empty(204)
                                    : HttpReply.problem(404, "This user has no such connection on this node."));
                }));
    }
}
