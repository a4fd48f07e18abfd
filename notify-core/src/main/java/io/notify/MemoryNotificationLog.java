package io.notify;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Every row is in exactly the indexes that its readers look in, and every method sees all of a batch or none of it.
 *
 * <p>Thread-safe: one monitor guards everything, since no method does more than walk maps.
 */
final class MemoryNotificationLog implements NotificationLog {
    private static final Duration KEY_LIFE = Duration.ofHours(24);
    private static final long MAX_UNREAD = 10_000;
    private static final int EPOCH_BITS = 80;
    private static final int EPOCH_RADIX = 36;

    private final SecureRandom random = new SecureRandom();

    // all guarded by this
    private final NavigableMap<Long, MemoryRow> rows = new TreeMap<>();
    private final NavigableMap<Age, MemoryRow> byAge = new TreeMap<>();
    private final Map<UUID, MemoryRow> byId = new HashMap<>();
    private final Map<String, NavigableMap<Long, MemoryRow>> byUser = new HashMap<>();
    private final Map<String, NavigableMap<Long, MemoryRow>> byRecipient = new HashMap<>();
    private final Map<String, NavigableMap<Long, MemoryRow>> byAudience = new HashMap<>();
    private final Map<Collapse, Long> lastOfCollapse = new HashMap<>();
    private final Map<Key, KeyUse> keys = new HashMap<>();
    private final Map<String, Rooms> rooms = new HashMap<>();
    private final Map<String, Acknowledgement> acknowledged = new HashMap<>();
    private final Map<String, Long> formerEpochs = new HashMap<>();
    private Position head = new Position(newEpoch(), 0);
    private final HourlySums sums = new HourlySums();
    private long purgedThrough;

    private record Age(Instant createdAt, long seq) implements Comparable<Age> {
        @Override
        public int compareTo(Age other) {
            int byTime = createdAt.compareTo(other.createdAt);
            return byTime != 0 ? byTime : Long.compare(seq, other.seq);
        }
    }

    /** What a later row replaces: of a list audience, for one recipient only, since others may not see the later row. */
    private record Collapse(String audience, String collapseKey, String recipient) {}

    private record Key(String sender, String key) {}

    private record KeyUse(String digest, UUID id, long seq, Instant createdAt) {
        boolean liveAt(Instant now) {
            return now.isBefore(createdAt.plus(KEY_LIFE));
        }
    }

    private record Acknowledgement(long through, Instant at) {}

    private record Rooms(Set<String> names, Instant until) {}

    @Override
    public synchronized Position open() {
        return head;
    }

    @Override
    public synchronized List<Appended> append(List<LogEntry> batch) {
        return batch.stream().map(this::append).toList();
    }

    private Appended append(LogEntry entry) {
        LogEntry.Idempotency idempotency = entry.idempotency();
        if (idempotency != null) {
            KeyUse used = keys.get(new Key(idempotency.sender(), idempotency.key()));
            if (used != null && used.liveAt(entry.createdAt())) {
                return used.digest().equals(idempotency.digest())
                        ? new Appended.Duplicate(used.id(), at(used.seq()))
                        : new Appended.Conflict();
            }
        }
        if (entry.payload().length > LogEntry.MAX_PAYLOAD) {
            return new Appended.Rejected(
                    "payload: " + entry.payload().length + " bytes (expected: at most " + LogEntry.MAX_PAYLOAD + ")");
        }
        if (byId.containsKey(entry.id())) {
            return new Appended.Rejected("id: " + entry.id() + " is in the log already (expected: a new one)");
        }
        head = at(head.seq() + 1);
        MemoryRow row = new MemoryRow(head.seq(), entry);
        index(row);
        sums.sent(entry);
        if (idempotency != null) {
            keys.put(
                    new Key(idempotency.sender(), idempotency.key()),
                    new KeyUse(idempotency.digest(), entry.id(), row.seq, entry.createdAt()));
        }
        return new Appended.Stored(head);
    }

    private void index(MemoryRow row) {
        LogEntry entry = row.entry;
        rows.put(row.seq, row);
        byAge.put(new Age(entry.createdAt(), row.seq), row);
        byId.put(entry.id(), row);
        add(byAudience, entry.audience(), row);
        if (row.isPersonal()) {
            add(byUser, entry.userId(), row);
        }
        entry.recipients().forEach(user -> add(byRecipient, user, row));
        collapses(row).forEach(c -> lastOfCollapse.put(c, row.seq));
    }

    private void unindex(MemoryRow row) {
        LogEntry entry = row.entry;
        rows.remove(row.seq);
        byAge.remove(new Age(entry.createdAt(), row.seq));
        byId.remove(entry.id());
        remove(byAudience, entry.audience(), row);
        remove(byUser, entry.userId(), row);
        entry.recipients().forEach(user -> remove(byRecipient, user, row));
        collapses(row).forEach(c -> lastOfCollapse.remove(c, row.seq));
    }

    private static List<Collapse> collapses(MemoryRow row) {
        LogEntry entry = row.entry;
        String key = entry.collapseKey();
        if (key == null) {
            return List.of();
        }
        if (entry.recipients().isEmpty()) {
            return List.of(new Collapse(entry.audience(), key, ""));
        }
        return entry.recipients().stream()
                .map(user -> new Collapse(entry.audience(), key, user))
                .toList();
    }

    private static void add(Map<String, NavigableMap<Long, MemoryRow>> index, String name, MemoryRow row) {
        index.computeIfAbsent(name, n -> new TreeMap<>()).put(row.seq, row);
    }

    private static void remove(Map<String, NavigableMap<Long, MemoryRow>> index, String name, MemoryRow row) {
        index.computeIfPresent(name, (n, rows) -> {
            rows.remove(row.seq);
            return rows.isEmpty() ? null : rows;
        });
    }

    @Override
    public synchronized Position head() {
        return head;
    }

    @Override
    public synchronized Position renewEpoch() {
        formerEpochs.put(head.epoch(), head.seq());
        head = new Position(newEpoch(), head.seq());
        return head;
    }

    @Override
    public synchronized OptionalLong endOfEpoch(String epoch) {
        Long end = formerEpochs.get(epoch);
        return end == null ? OptionalLong.empty() : OptionalLong.of(end);
    }

    @Override
    public synchronized LogStretch stretch(long after, long through, int limit) {
        long end = Math.min(through, head.seq());
        if (end <= after) {
            return new LogStretch(head, List.of(), end);
        }
        List<Delivery> found = rows.subMap(after, false, end, true).values().stream()
                .limit(limit)
                .map(row -> row.entry.delivery(at(row.seq)))
                .toList();
        boolean whole = found.size() < limit;
        return new LogStretch(
                head,
                found,
                whole ? end : found.get(limit - 1).event().position().seq());
    }

    private String newEpoch() {
        return new BigInteger(EPOCH_BITS, random).toString(EPOCH_RADIX);
    }

    private Position at(long seq) {
        return new Position(head.epoch(), seq);
    }

    @Override
    public synchronized LogSlice read(LogReader reader, long after, int limit, Instant now) {
        Predicate<MemoryRow> shown = row -> !row.expiredAt(now) && !replaced(row, reader);
        List<MemoryRow> found = firstOf(ascending(reader, after, Long.MAX_VALUE), shown, limit + 1L);
        return slice(reader, found, limit, false);
    }

    @Override
    public synchronized long count(LogReader reader, long after, long atMost, Instant now) {
        Predicate<MemoryRow> shown = row -> !row.expiredAt(now) && !replaced(row, reader);
        return firstOf(ascending(reader, after, Long.MAX_VALUE), shown, atMost).size();
    }

    @Override
    public synchronized LogSlice history(LogReader reader, HistoryQuery query, Instant now) {
        String event = query.event();
        Long after = query.after();
        Predicate<MemoryRow> shown = row -> !row.expiredAt(now)
                && (event == null || event.equals(row.entry.event()))
                && !(query.unreadOnly() && row.readBy(reader.userId()) != null)
                && !(after != null && replaced(row, reader));
        long before = query.before() == null ? Long.MAX_VALUE : query.before();
        Iterator<MemoryRow> candidates = after != null ? ascending(reader, after, before) : descending(reader, before);
        return slice(reader, firstOf(candidates, shown, query.limit() + 1L), query.limit(), after == null);
    }

    @Override
    public synchronized long unread(LogReader reader, Instant now) {
        Predicate<MemoryRow> unread = row -> !row.expiredAt(now) && row.readBy(reader.userId()) == null;
        return firstOf(ascending(reader, 0, Long.MAX_VALUE), unread, MAX_UNREAD).size();
    }

    private LogSlice slice(LogReader reader, List<MemoryRow> found, int limit, boolean descending) {
        List<MemoryRow> page = new ArrayList<>(found.subList(0, Math.min(limit, found.size())));
        if (descending) {
            Collections.reverse(page);
        }
        List<LogRecord> records = page.stream().map(row -> record(row, reader)).toList();
        return new LogSlice(head, purgedThrough, records, found.size() > limit);
    }

    private LogRecord record(MemoryRow row, LogReader reader) {
        LogEntry e = row.entry;
        return new LogRecord(
                at(row.seq), e.id(), e.event(), e.payload(), e.createdAt(), e.expiresAt(), row.readBy(reader.userId()));
    }

    private boolean replaced(MemoryRow row, LogReader reader) {
        String key = row.entry.collapseKey();
        if (key == null) {
            return false;
        }
        String recipient = row.entry.recipients().isEmpty() ? "" : reader.userId();
        Long last = lastOfCollapse.get(new Collapse(row.entry.audience(), key, recipient));
        return last != null && last > row.seq;
    }

    private Iterator<MemoryRow> ascending(LogReader reader, long after, long before) {
        if (before <= after) {
            return Collections.emptyIterator();
        }
        List<Iterator<MemoryRow>> sources = new ArrayList<>();
        for (NavigableMap<Long, MemoryRow> index : indexes(reader)) {
            sources.add(index.subMap(after, false, before, false).values().iterator());
        }
        return new MergedRows(sources, (a, b) -> Long.compare(a.seq, b.seq));
    }

    private Iterator<MemoryRow> descending(LogReader reader, long before) {
        List<Iterator<MemoryRow>> sources = new ArrayList<>();
        for (NavigableMap<Long, MemoryRow> index : indexes(reader)) {
            sources.add(index.headMap(before, false).descendingMap().values().iterator());
        }
        return new MergedRows(sources, (a, b) -> Long.compare(b.seq, a.seq));
    }

    private List<NavigableMap<Long, MemoryRow>> indexes(LogReader reader) {
        List<NavigableMap<Long, MemoryRow>> found = new ArrayList<>();
        addIfPresent(found, byUser.get(reader.userId()));
        addIfPresent(found, byRecipient.get(reader.userId()));
        reader.audiences().forEach(audience -> addIfPresent(found, byAudience.get(audience)));
        return found;
    }

    private static void addIfPresent(
            List<NavigableMap<Long, MemoryRow>> found, @Nullable NavigableMap<Long, MemoryRow> index) {
        if (index != null) {
            found.add(index);
        }
    }

    private static List<MemoryRow> firstOf(Iterator<MemoryRow> candidates, Predicate<MemoryRow> wanted, long atMost) {
        List<MemoryRow> found = new ArrayList<>();
        while (found.size() < atMost && candidates.hasNext()) {
            MemoryRow row = candidates.next();
            if (wanted.test(row)) {
                found.add(row);
            }
        }
        return found;
    }

    @Override
    public synchronized Optional<Instant> markRead(LogReader reader, UUID id, Instant at) {
        MemoryRow row = byId.get(id);
        if (row == null || !row.visibleTo(reader)) {
            return Optional.empty();
        }
        Instant before = row.readBy(reader.userId());
        if (before != null) {
            return Optional.of(before);
        }
        Instant millis = at.truncatedTo(ChronoUnit.MILLIS);
        markRead(row, reader, millis);
        return Optional.of(millis);
    }

    @Override
    public synchronized List<UUID> markAllRead(LogReader reader, Instant at) {
        List<MemoryRow> unread = firstOf(
                ascending(reader, 0, Long.MAX_VALUE), row -> row.readBy(reader.userId()) == null, Long.MAX_VALUE);
        Instant millis = at.truncatedTo(ChronoUnit.MILLIS);
        unread.forEach(row -> markRead(row, reader, millis));
        return unread.stream().map(MemoryRow::id).toList();
    }

    private void markRead(MemoryRow row, LogReader reader, Instant at) {
        boolean unread = row.firstReadAt == null;
        row.markRead(reader.userId(), at);
        if (unread && row.firstReadAt != null) {
            sums.read(row.entry);
        }
    }

    @Override
    public synchronized void acknowledge(String userId, long through, Instant at) {
        acknowledged.merge(
                userId,
                new Acknowledgement(through, at.truncatedTo(ChronoUnit.MILLIS)),
                (before, next) -> next.through() > before.through() ? next : before);
    }

    @Override
    public synchronized OptionalLong acknowledged(String userId) {
        Acknowledgement last = acknowledged.get(userId);
        return last == null ? OptionalLong.empty() : OptionalLong.of(last.through());
    }

    @Override
    public synchronized void recordDeliveries(List<DeliveryStatus> statuses) {
        for (DeliveryStatus status : statuses) {
            MemoryRow row = rows.get(status.position().seq());
            if (row != null && status.position().epoch().equals(head.epoch())) {
                record(row, status);
            }
        }
    }

    private void record(MemoryRow row, DeliveryStatus status) {
        Instant before = row.deliveredAt;
        boolean failed = row.hasError();
        row.record(status);
        Instant deliveredAt = row.deliveredAt;
        if (deliveredAt != null && !deliveredAt.equals(before)) {
            sums.delivered(row.entry, before, deliveredAt);
        }
        if (failed != row.hasError()) {
            sums.failed(row.entry, failed ? -1 : 1);
        }
    }

    @Override
    public synchronized void rememberRooms(String sessionId, Set<String> names, Instant until) {
        if (names.isEmpty()) {
            rooms.remove(sessionId);
        } else {
            rooms.put(sessionId, new Rooms(Set.copyOf(names), until));
        }
    }

    @Override
    public synchronized Set<String> recallRooms(String sessionId, Instant now) {
        Rooms remembered = rooms.get(sessionId);
        return remembered == null || !now.isBefore(remembered.until()) ? Set.of() : remembered.names();
    }

    @Override
    public synchronized LogPage logs(LogFilter filter) {
        Long before = filter.before();
        NavigableMap<Long, MemoryRow> below = before == null ? rows : rows.headMap(before, false);
        List<MemoryRow> found =
                firstOf(below.descendingMap().values().iterator(), row -> matches(row, filter), filter.limit() + 1L);
        List<LogRow> page = found.stream()
                .limit(filter.limit())
                .map(row -> row.toLogRow(at(row.seq)))
                .toList();
        boolean more = found.size() > filter.limit();
        return new LogPage(page, more ? page.get(page.size() - 1).position().seq() : null);
    }

    private static boolean matches(MemoryRow row, LogFilter f) {
        LogEntry e = row.entry;
        Instant from = f.from();
        Instant to = f.to();
        String text = f.text();
        return (f.userId() == null || e.userId().equals(f.userId()))
                && (f.event() == null || e.event().equals(f.event()))
                && (f.audience() == null || e.audience().equals(f.audience()))
                && (f.delivered() == null || f.delivered() == (row.deliveredAt != null))
                && (f.read() == null || f.read() == (row.firstReadAt != null))
                && (from == null || !e.createdAt().isBefore(from))
                && (to == null || e.createdAt().isBefore(to))
                && (text == null || contains(e.payload(), text));
    }

    private static boolean contains(byte[] payload, String text) {
        return new String(payload, StandardCharsets.UTF_8)
                .toLowerCase(Locale.ROOT)
                .contains(text.toLowerCase(Locale.ROOT));
    }

    @Override
    public synchronized Optional<LogStory> story(UUID id) {
        return Optional.ofNullable(byId.get(id)).map(this::story);
    }

    private LogStory story(MemoryRow row) {
        LogEntry e = row.entry;
        List<LogStory.Reading> reads = row.readings();
        return new LogStory(
                row.toLogRow(at(row.seq)),
                row.connections(),
                e.expiresAt(),
                e.collapseKey(),
                replacement(row),
                e.recipients().stream().sorted().limit(LogStory.MAX_LISTED).toList(),
                e.recipients().size(),
                reads.stream().limit(LogStory.MAX_LISTED).toList(),
                reads.size(),
                acknowledgedAt(row));
    }

    private @Nullable Position replacement(MemoryRow row) {
        String key = row.entry.collapseKey();
        if (key == null || !row.entry.recipients().isEmpty()) {
            return null;
        }
        Long last = lastOfCollapse.get(new Collapse(row.entry.audience(), key, ""));
        return last != null && last > row.seq ? at(last) : null;
    }

    private @Nullable Instant acknowledgedAt(MemoryRow row) {
        Acknowledgement last = row.isPersonal() ? acknowledged.get(row.entry.userId()) : null;
        return last != null && last.through() >= row.seq ? last.at() : null;
    }

    @Override
    public synchronized LogStats stats(Instant from, Instant to) {
        return sums.stats(from, to);
    }

    @Override
    public synchronized int purge(Instant before, int limit, Instant now) {
        List<MemoryRow> old =
                byAge.headMap(new Age(before, 0)).values().stream().limit(limit).toList();
        for (MemoryRow row : old) {
            unindex(row);
            purgedThrough = Math.max(purgedThrough, row.seq);
        }
        if (old.size() < limit) {
            sums.forgetBefore(before.truncatedTo(ChronoUnit.HOURS));
        }
        formerEpochs.values().removeIf(end -> end <= purgedThrough);
        keys.values().removeIf(use -> !use.liveAt(now));
        rooms.values().removeIf(remembered -> !now.isBefore(remembered.until()));
        return old.size();
    }

    @Override
    public boolean isReachable(Duration timeout) {
        return true;
    }

    @Override
    public void close() {
        // holds nothing but memory
    }
}
