package io.notify.netty.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.databind.util.RawValue;
import io.notify.LogPage;
import io.notify.LogRecord;
import io.notify.LogRow;
import io.notify.LogSlice;
import io.notify.LogStats;
import io.notify.PresenceStats;
import io.notify.Receipt;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The JSON responses of the HTTP API. Jackson writes the components in their order, including nulls. */
final class Views {
    private static final DateTimeFormatter RFC_3339 =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private Views() {}

    static @Nullable String instant(@Nullable Instant instant) {
        return instant == null ? null : RFC_3339.format(instant);
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ReceiptView(UUID id, @Nullable String position, boolean duplicate, int connections) {
        static ReceiptView of(Receipt receipt) {
            String position =
                    receipt.position() == null ? null : receipt.position().toString();
            return new ReceiptView(receipt.id(), position, receipt.duplicate(), receipt.connections());
        }
    }

    record ReceiptsView(List<ReceiptView> receipts) {}

    record LogRowView(
            UUID id,
            String position,
            String userId,
            String audience,
            String event,
            @JsonRawValue String payload,
            boolean delivered,
            @Nullable String deliveredAt,
            @Nullable String error,
            @Nullable String readAt,
            @Nullable String createdAt) {
        static LogRowView of(LogRow row) {
            return new LogRowView(
                    row.id(),
                    row.position().toString(),
                    row.userId(),
                    row.audience(),
                    row.event(),
                    new String(row.payload(), StandardCharsets.UTF_8),
                    row.delivered(),
                    instant(row.deliveredAt()),
                    row.error(),
                    instant(row.readAt()),
                    instant(row.createdAt()));
        }
    }

    record LogPageView(List<LogRowView> items, @Nullable String next) {
        static LogPageView of(LogPage page) {
            return new LogPageView(
                    page.rows().stream().map(LogRowView::of).toList(),
                    page.next() == null ? null : Long.toString(page.next()));
        }
    }

    record HistoryView(List<RawValue> items, @Nullable String next) {}

    record CountView(long count) {}

    static @Nullable String nextOf(LogSlice slice, boolean ascending) {
        List<LogRecord> rows = slice.records();
        if (!slice.more() || rows.isEmpty()) {
            return null;
        }
        return rows.get(ascending ? rows.size() - 1 : 0).position().toString();
    }

    record StatsView(
            String from,
            String to,
            long total,
            long delivered,
            long read,
            long failed,
            double deliveryRate,
            Map<String, Long> byEvent,
            Map<String, Long> byHour,
            Map<String, Long> byDay,
            @Nullable Long deliveryMsP50,
            @Nullable Long deliveryMsP99,
            PresenceStats presence) {
        /** The span that the sums are really of: whole hours. */
        private static Instant endOfHour(Instant to) {
            Instant hour = to.truncatedTo(ChronoUnit.HOURS);
            return hour.equals(to) ? to : hour.plus(1, ChronoUnit.HOURS);
        }

        static StatsView of(Instant from, Instant to, LogStats stats, PresenceStats presence) {
            Map<String, Long> hours = new TreeMap<>();
            Map<String, Long> days = new TreeMap<>();
            stats.byHour().forEach((hour, n) -> {
                hours.put(RFC_3339.format(hour), n);
                days.merge(RFC_3339.format(hour.truncatedTo(ChronoUnit.DAYS)), n, Long::sum);
            });
            return new StatsView(
                    RFC_3339.format(from.truncatedTo(ChronoUnit.HOURS)),
                    RFC_3339.format(endOfHour(to)),
                    stats.total(),
                    stats.delivered(),
                    stats.read(),
                    stats.failed(),
                    stats.total() == 0 ? 0 : (double) stats.delivered() / stats.total(),
                    new TreeMap<>(stats.byEvent()),
                    hours,
                    days,
                    stats.deliveryMillisP50(),
                    stats.deliveryMillisP99(),
                    presence);
        }
    }
}
