package io.notify.netty.api;

import io.notify.HistoryQuery;
import io.notify.LogFilter;
import io.notify.Position;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parses query parameters. An invalid parameter is answered with 400, which names it. */
final class Parameters {
    private static final Set<String> LOGS =
            Set.of("user", "event", "audience", "delivered", "read", "from", "to", "text", "limit", "cursor", "token");
    private static final Set<String> HISTORY = Set.of("after", "before", "limit", "unread", "event", "token");
    private static final Set<String> ONLINE = Set.of("text", "limit", "token");
    private static final Set<String> STATS = Set.of("from", "to", "token");
    private static final Set<String> BARE_AUDIENCES = Set.of("everyone", "users", "nearby");
    private static final Set<String> NAMED_AUDIENCES = Set.of("user:", "role:", "session:", "room:");
    private static final int MAX_TEXT = 300;
    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 100;

    private final Map<String, List<String>> values;

    Parameters(Map<String, List<String>> values) {
        this.values = values;
    }

    LogFilter logFilter() {
        onlyKnown(LOGS);
        Instant from = instant("from");
        Instant to = instant("to");
        if (from != null && to != null && to.isBefore(from)) {
            throw RequestFault.invalid("to", "expected an instant not before from");
        }
        return new LogFilter(
                text("user"),
                text("event"),
                audience(),
                flag("delivered"),
                flag("read"),
                from,
                to,
                text("text"),
                number("cursor"),
                limit());
    }

    private @Nullable String audience() {
        String audience = text("audience");
        if (audience != null
                && !BARE_AUDIENCES.contains(audience)
                && NAMED_AUDIENCES.stream().noneMatch(audience::startsWith)) {
            throw RequestFault.invalid(
                    "audience", "expected everyone, users, nearby, or one of user:, role:, session:, room: and a name");
        }
        return audience;
    }

    HistoryQuery history() {
        onlyKnown(HISTORY);
        Long after = position("after");
        Long before = position("before");
        if (after != null && before != null) {
            throw RequestFault.invalid("before", "expected after or before, not both");
        }
        return new HistoryQuery(after, before, limit(), Boolean.TRUE.equals(flag("unread")), text("event"));
    }

    OnlineQuery online() {
        onlyKnown(ONLINE);
        String text = text("text");
        return new OnlineQuery(text == null ? "" : text, limit());
    }

    /** Which online users are requested. */
    record OnlineQuery(String text, int limit) {}

    private int limit() {
        Long limit = number("limit");
        if (limit == null) {
            return DEFAULT_LIMIT;
        }
        if (limit < 1 || limit > MAX_LIMIT) {
            throw RequestFault.invalid("limit", "expected 1 to " + MAX_LIMIT);
        }
        return limit.intValue();
    }

    private @Nullable Long position(String name) {
        String text = text(name);
        if (text == null) {
            return null;
        }
        try {
            return Position.parse(text).seq();
        } catch (IllegalArgumentException e) {
            throw RequestFault.invalid(name, "expected a position, epoch-seq");
        }
    }

    private @Nullable Long number(String name) {
        String text = text(name);
        if (text == null) {
            return null;
        }
        if (text.length() > 18 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw RequestFault.invalid(name, "expected a whole number");
        }
        return Long.parseLong(text);
    }

    Instant instantOr(String name, Instant otherwise) {
        onlyKnown(STATS);
        Instant given = instant(name);
        return given == null ? otherwise : given;
    }

    private @Nullable Instant instant(String name) {
        String text = text(name);
        if (text == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw RequestFault.invalid(name, "expected an RFC 3339 instant such as 2026-11-24T00:00:00.000Z");
        }
    }

    private @Nullable Boolean flag(String name) {
        String text = text(name);
        if (text == null) {
            return null;
        }
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw RequestFault.invalid(name, "expected true or false");
        };
    }

    private @Nullable String text(String name) {
        List<String> all = values.get(name);
        if (all == null || all.isEmpty()) {
            return null;
        }
        String text = all.get(0);
        if (all.size() > 1 || text.isEmpty() || text.length() > MAX_TEXT || text.indexOf('\0') >= 0) {
            throw RequestFault.invalid(name, "expected one value of 1 to " + MAX_TEXT + " characters");
        }
        return text;
    }

    private void onlyKnown(Set<String> known) {
        for (String name : values.keySet()) {
            if (!known.contains(name)) {
                throw RequestFault.invalid(
                        "query",
                        "has an unknown parameter; known are "
                                + known.stream()
                                        .filter(k -> !k.equals("token"))
                                        .sorted()
                                        .toList());
            }
        }
    }
}
