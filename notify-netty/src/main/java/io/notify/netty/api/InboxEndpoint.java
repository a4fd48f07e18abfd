package io.notify.netty.api;

import com.fasterxml.jackson.databind.util.RawValue;
import io.notify.HistoryQuery;
import io.notify.Identity;
import io.notify.Inbox;
import io.notify.LogRecord;
import io.notify.LogSlice;
import io.notify.netty.http.HttpExchange;
import io.notify.netty.http.HttpReply;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/** Handles the history and the read marks of the signed-in user, under {@code /notifications}. */
final class InboxEndpoint {
    private static final String PREFIX = "/notifications/";
    private static final String READ = "/read";

    private final Inbox inbox;
    private final Guard guard;

    InboxEndpoint(Inbox inbox, Guard guard) {
        this.inbox = inbox;
        this.guard = guard;
    }

    void history(HttpExchange exchange, Identity user) {
        HistoryQuery query = new Parameters(exchange.query()).history();
        guard.answer(exchange, inbox.history(user, query), slice -> guard.json(200, view(slice, query)));
    }

    private static Views.HistoryView view(LogSlice slice, HistoryQuery query) {
        List<RawValue> items = slice.records().stream().map(InboxEndpoint::item).toList();
        return new Views.HistoryView(items, Views.nextOf(slice, query.after() != null));
    }

    /** Returns the payload as clients receive it, byte for byte, with two more fields at its end. */
    private static RawValue item(LogRecord row) {
        String payload = new String(row.payload(), StandardCharsets.UTF_8);
        String readAt = row.readAt() == null ? "null" : "\"" + Views.instant(row.readAt()) + "\"";
        return new RawValue(payload.substring(0, payload.lastIndexOf('}')) + ",\"position\":\"" + row.position()
                + "\",\"readAt\":" + readAt + "}");
    }

    void unreadCount(HttpExchange exchange, Identity user) {
        guard.answer(exchange, inbox.unread(user), count -> guard.json(200, new Views.CountView(count)));
    }

    /** Handles {@code POST /notifications/{id}/read}. A malformed id is answered with 404 like an unknown one. */
    void read(HttpExchange exchange, Identity user) {
        UUID id = notificationId(exchange.path());
        guard.answer(
                exchange,
                inbox.markRead(user, id),
                readAt -> readAt.isPresent()
                        ? HttpReply.empty(204)
                        : HttpReply.problem(404, "You have no such notification."));
    }

    void readAll(HttpExchange exchange, Identity user) {
        guard.answer(exchange, inbox.markAllRead(user), count -> HttpReply.empty(204));
    }

    /** Returns whether a path is that of {@link #read}. */
    static boolean isRead(String path) {
        return path.startsWith(PREFIX)
                && path.endsWith(READ)
                && path.length() > PREFIX.length() + READ.length()
                && path.indexOf('/', PREFIX.length()) == path.length() - READ.length();
    }

    private static UUID notificationId(String path) {
        try {
            return UUID.fromString(path.substring(PREFIX.length(), path.length() - READ.length()));
        } catch (IllegalArgumentException e) {
            throw RequestFault.notFound("You have no such notification.");
        }
    }
}
