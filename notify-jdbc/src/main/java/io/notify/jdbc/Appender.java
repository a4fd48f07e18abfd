package io.notify.jdbc;

import io.notify.Appended;
import io.notify.LogEntry;
import io.notify.LogUnavailableException;
import io.notify.Position;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Stores a batch in one transaction, whole or without its bad rows, and answers nothing that was not committed.
 *
 * <p>The first attempt hopes that no row is bad. Else a second one takes the head's lock at once, so that nothing changes
 * under it, and halves the batch between savepoints until each bad row stands alone.
 */
final class Appender {
    private static final Duration KEY_LIFE = Duration.ofHours(24);
    private static final int KEYS_PER_QUERY = 128;
    private static final String ROW_COLUMNS =
            "seq, id, user_id, audience, event, created_at, expires_at, collapse_key, payload";

    private static final String INSERT_ROW =
            "INSERT INTO notification_logs (" + ROW_COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";

    /** PostgreSQL's cost of a statement is by statement and parameter more than by row; so each column is one. */
    private static final String INSERT_COLUMNS = "INSERT INTO notification_logs (" + ROW_COLUMNS + ") SELECT"
            + " ? + number, id, user_id, audience, event, TIMESTAMP 'epoch' + created * INTERVAL '1 millisecond',"
            + " TIMESTAMP 'epoch' + expires * INTERVAL '1 millisecond', collapse_key, payload"
            + " FROM unnest(?, ?, ?, ?, ?, ?, ?, ?) WITH ORDINALITY"
            + " AS r(id, user_id, audience, event, created, expires, collapse_key, payload, number)";

    private static final String INSERT_RECIPIENT = "INSERT INTO notification_recipients (user_id, seq) VALUES (?, ?)";

    private final Database database;
    private final Supplier<Dialect> dialect;
    private final Supplier<KnownHead> knownHead;

    private record Key(String sender, String key) {
        static Key of(LogEntry.Idempotency idempotency) {
            return new Key(idempotency.sender(), idempotency.key());
        }
    }

    private record KeyUse(String digest, UUID id, long seq, Instant createdAt) {
        boolean liveAt(Instant now) {
            return now.isBefore(createdAt.plus(KEY_LIFE));
        }
    }

    /** An entry of the batch and its place in it. */
    private record Place(int index, LogEntry entry) {}

    Appender(Database database, Supplier<Dialect> dialect, Supplier<KnownHead> knownHead) {
        this.database = database;
        this.dialect = dialect;
        this.knownHead = knownHead;
    }

    /**
     * Stores what can be stored.
     *
     * @throws LogUnavailableException if nothing was stored, or if it is unknown whether it was
     * @throws LostCommitsException if nothing was stored, since it would have got numbers that were told before
     */
    List<Appended> append(List<LogEntry> batch) {
        @Nullable Appended[] answers = new Appended[batch.size()];
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            int length = batch.get(i).payload().length;
            if (length > LogEntry.MAX_PAYLOAD) {
                answers[i] = new Appended.Rejected(
                        "payload: " + length + " bytes (expected: at most " + LogEntry.MAX_PAYLOAD + ")");
            } else {
                places.add(new Place(i, batch.get(i)));
            }
        }
        if (!places.isEmpty()) {
            try {
                database.tryWrite(handle -> {
                    store(handle, places, answers);
                    return true;
                });
            } catch (BadDataException e) {
                database.write(handle -> {
                    Head.lock(handle);
                    storeGoodOnes(handle, places, answers);
                    return true;
                });
            }
        }
        List<Appended> complete = new ArrayList<>(answers.length);
        for (Appended answer : answers) {
            if (answer == null) {
                throw new IllegalStateException("an entry has no answer");
            }
            complete.add(answer);
        }
        return complete;
    }

    private void storeGoodOnes(Handle handle, List<Place> places, @Nullable Appended[] answers) {
        handle.savepoint("part");
        try {
            store(handle, places, answers);
            handle.releaseSavepoint("part");
        } catch (RuntimeException e) {
            SQLException sql = Failures.sql(e);
            if (sql == null || !Failures.isBadData(sql)) {
                throw e;
            }
            handle.rollbackToSavepoint("part");
            if (places.size() == 1) {
                answers[places.get(0).index()] =
                        new Appended.Rejected(database.secrets().clean(sql.getMessage()));
                return;
            }
            int half = places.size() / 2;
            storeGoodOnes(handle, places.subList(0, half), answers);
            storeGoodOnes(handle, places.subList(half, places.size()), answers);
        }
    }

    private void store(Handle handle, List<Place> places, @Nullable Appended[] answers) {
        Map<Key, KeyUse> keys = usedKeys(handle, places);
        List<Place> fresh = new ArrayList<>();
        List<Place> repeated = new ArrayList<>();
        Map<Key, Place> firstOfKey = new HashMap<>();
        for (Place place : places) {
            LogEntry.Idempotency idempotency = place.entry().idempotency();
            if (idempotency == null) {
                fresh.add(place);
                continue;
            }
            Key key = Key.of(idempotency);
            KeyUse used = keys.get(key);
            if (firstOfKey.containsKey(key)
                    || (used != null && used.liveAt(place.entry().createdAt()))) {
                repeated.add(place);
            } else {
                firstOfKey.put(key, place);
                fresh.add(place);
            }
        }
        Head head = fresh.isEmpty() ? Head.read(handle) : Head.advance(handle, dialect.get(), fresh.size());
        long seq = head.seq() - fresh.size();
        if (knownHead.get().isBeyond(head.position(seq))) {
            throw new LostCommitsException(head.position(seq));
        }
        Map<Integer, Long> numbers = new HashMap<>();
        for (Place place : fresh) {
            numbers.put(place.index(), ++seq);
            answers[place.index()] = new Appended.Stored(head.position(seq));
        }
        if (!fresh.isEmpty()) {
            long first = head.seq() - fresh.size() + 1;
            List<LogEntry> entries = fresh.stream().map(Place::entry).toList();
            insertRows(handle.getConnection(), first, entries);
            insertRecipients(handle, fresh, numbers);
            insertKeys(handle, firstOfKey, keys, numbers);
            Rollup.sent(handle, first, entries);
        }
        for (Place place : repeated) {
            answers[place.index()] = repeatedAnswer(place.entry(), keys, firstOfKey, numbers, head);
        }
    }

    private static Appended repeatedAnswer(
            LogEntry entry, Map<Key, KeyUse> keys, Map<Key, Place> firstOfKey, Map<Integer, Long> numbers, Head head) {
        LogEntry.Idempotency idempotency = entry.idempotency();
        if (idempotency == null) {
            throw new IllegalStateException("an entry without a key cannot repeat another");
        }
        Place first = firstOfKey.get(Key.of(idempotency));
        KeyUse use = first == null ? keys.get(Key.of(idempotency)) : use(first, numbers);
        if (use == null) {
            throw new IllegalStateException("a repeated key has no first use");
        }
        Position position = head.position(use.seq());
        return use.digest().equals(idempotency.digest())
                ? new Appended.Duplicate(use.id(), position)
                : new Appended.Conflict();
    }

    private static @Nullable KeyUse use(Place place, Map<Integer, Long> numbers) {
        LogEntry.Idempotency idempotency = place.entry().idempotency();
        Long seq = numbers.get(place.index());
        if (idempotency == null || seq == null) {
            return null;
        }
        return new KeyUse(
                idempotency.digest(), place.entry().id(), seq, place.entry().createdAt());
    }

    private static Map<Key, KeyUse> usedKeys(Handle handle, List<Place> places) {
        List<Key> wanted = places.stream()
                .map(place -> place.entry().idempotency())
                .filter(idempotency -> idempotency != null)
                .map(Key::of)
                .distinct()
                .toList();
        Map<Key, KeyUse> used = new HashMap<>();
        for (int from = 0; from < wanted.size(); from += KEYS_PER_QUERY) {
            List<Key> part = wanted.subList(from, Math.min(wanted.size(), from + KEYS_PER_QUERY));
            String pairs =
                    String.join(" OR ", Collections.nCopies(part.size(), "(sender = ? AND idempotency_key = ?)"));
            Query query = handle.createQuery("SELECT sender, idempotency_key, digest, notification_id, seq, created_at"
                    + " FROM notification_keys WHERE " + pairs);
            for (int i = 0; i < part.size(); i++) {
                query.bind(2 * i, part.get(i).sender())
                        .bind(2 * i + 1, part.get(i).key());
            }
            query.map((row, context) -> used.put(
                            new Key(row.getString("sender"), row.getString("idempotency_key")),
                            new KeyUse(
                                    row.getString("digest"),
                                    UUID.fromString(row.getString("notification_id")),
                                    row.getLong("seq"),
                                    Times.instant(row, "created_at"))))
                    .list();
        }
        return used;
    }

    private void insertRows(Connection connection, long first, List<LogEntry> entries) {
        try {
            if (dialect.get() == Dialect.POSTGRESQL) {
                insertColumns(connection, first, entries);
            } else {
                insertRowByRow(connection, first, entries);
            }
        } catch (SQLException e) {
            throw new Database.JdbiSqlException(e);
        }
    }

    // neither is Jdbi's batch: binding by name is a third of the whole cost here

    private void insertRowByRow(Connection connection, long first, List<LogEntry> entries) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT_ROW)) {
            long seq = first;
            for (LogEntry entry : entries) {
                insert.setLong(1, seq++);
                insert.setString(2, entry.id().toString());
                insert.setString(3, entry.userId());
                insert.setString(4, entry.audience());
                insert.setString(5, entry.event());
                dialect.get().bindTime(insert, 6, entry.createdAt());
                Instant expiresAt = entry.expiresAt();
                if (expiresAt == null) {
                    insert.setNull(7, Types.TIMESTAMP);
                } else {
                    dialect.get().bindTime(insert, 7, expiresAt);
                }
                insert.setString(8, entry.collapseKey());
                insert.setString(9, payload(entry));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static void insertColumns(Connection connection, long first, List<LogEntry> entries) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT_COLUMNS)) {
            insert.setLong(1, first - 1);
            texts(insert, 2, entries, entry -> entry.id().toString());
            texts(insert, 3, entries, LogEntry::userId);
            texts(insert, 4, entries, LogEntry::audience);
            texts(insert, 5, entries, LogEntry::event);
            millis(insert, 6, entries, LogEntry::createdAt);
            millis(insert, 7, entries, LogEntry::expiresAt);
            texts(insert, 8, entries, LogEntry::collapseKey);
            texts(insert, 9, entries, Appender::payload);
            insert.executeUpdate();
        }
    }

    private static void texts(
            PreparedStatement insert,
            int parameter,
            List<LogEntry> entries,
            Function<LogEntry, @Nullable String> column)
            throws SQLException {
        @Nullable Object[] values = entries.stream().map(column).toArray(String[]::new);
        insert.setArray(parameter, insert.getConnection().createArrayOf("text", values));
    }

    private static void millis(
            PreparedStatement insert,
            int parameter,
            List<LogEntry> entries,
            Function<LogEntry, @Nullable Instant> column)
            throws SQLException {
        @Nullable
        Object[] values = entries.stream()
                .map(column)
                .map(time -> time == null ? null : Times.storable(time).toEpochMilli())
                .toArray(Long[]::new);
        insert.setArray(parameter, insert.getConnection().createArrayOf("bigint", values));
    }

    private static String payload(LogEntry entry) {
        return new String(entry.payload(), StandardCharsets.UTF_8);
    }

    private static void insertRecipients(Handle handle, List<Place> fresh, Map<Integer, Long> numbers) {
        Connection connection = handle.getConnection();
        if (fresh.stream().allMatch(place -> place.entry().recipients().isEmpty())) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement(INSERT_RECIPIENT)) {
            for (Place place : fresh) {
                for (String user : place.entry().recipients()) {
                    insert.setString(1, user);
                    insert.setLong(2, numbers.getOrDefault(place.index(), 0L));
                    insert.addBatch();
                }
            }
            insert.executeBatch();
        } catch (SQLException e) {
            throw new Database.JdbiSqlException(e);
        }
    }

    private static void insertKeys(
            Handle handle, Map<Key, Place> firstOfKey, Map<Key, KeyUse> keys, Map<Integer, Long> numbers) {
        PreparedBatch delete = handle.prepareBatch(
                "DELETE FROM notification_keys WHERE sender = ? AND idempotency_key = ? AND seq = ?");
        PreparedBatch insert = handle.prepareBatch("""
                INSERT INTO notification_keys (sender, idempotency_key, digest, notification_id, seq, created_at) \
                VALUES (?, ?, ?, ?, ?, ?)""");
        firstOfKey.forEach((key, place) -> {
            KeyUse use = use(place, numbers);
            if (use == null) {
                throw new IllegalStateException("a key's first entry has no number");
            }
            KeyUse before = keys.get(key);
            if (before != null) {
                // its 24 hours are over; if another node took it meanwhile, the insertion meets that one
                delete.add(key.sender(), key.key(), before.seq());
            }
            insert.add(key.sender(), key.key(), use.digest(), use.id().toString(), use.seq(), use.createdAt());
        });
        Batches.execute(delete);
        Batches.execute(insert);
    }
}
