package io.notify.jdbc;

import io.notify.Position;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * Copies a whole log into an empty one, on another kind of database if wanted. Clients' positions stay valid.
 *
 * <p>The source may be of any supported database, also of earlier builds, which kept it on H2. Nothing may write to it
 * meanwhile.
 */
public final class LogImport {
    private static final int AT_ONCE = 1_000;

    /** The tables that are copied as they are; {@code notification_stats} is summed anew, the head comes last. */
    private static final List<Table> TABLES = List.of(
            new Table(
                    "notification_logs",
                    "seq",
                    "seq, id, user_id, audience, event, delivered, delivered_at, read_at, error, created_at, expires_at,"
                            + " connections, collapse_key, payload"),
            new Table("notification_recipients", "seq, user_id", "user_id, seq"),
            new Table(
                    "notification_receipts",
                    "notification_id, user_id",
                    "notification_id, user_id, delivered_at, read_at"),
            new Table(
                    "notification_keys",
                    "created_at",
                    "sender, idempotency_key, digest, notification_id, seq, created_at"),
            new Table("notification_session_rooms", "session_id", "session_id, rooms, expires_at"),
            new Table("notification_acknowledgements", "user_id", "user_id, seq, acknowledged_at"),
            new Table("notification_epochs", "last_seq", "epoch, last_seq"));

    private static final Set<String> NUMBERS = Set.of("seq", "last_seq", "connections");

    private record Table(String name, String order, String columns) {
        String select() {
            return "SELECT " + columns + " FROM " + name + " ORDER BY " + order;
        }

        String insert() {
            return "INSERT INTO " + name + " (" + columns + ") VALUES (?" + ", ?".repeat(names().size() - 1) + ")";
        }

        List<String> names() {
            return List.of(columns.split(", "));
        }

        static boolean isTime(String column) {
            return column.endsWith("_at");
        }
    }

    private final String url;
    private final Properties signIn = new Properties();

    private LogImport(String url) {
        this.url = url;
    }

    /**
     * The log to copy.
     *
     * @param url its JDBC URL
     * @param user who signs in there, or null
     * @param password that user's password, or null
     */
    public static LogImport from(String url, @Nullable String user, @Nullable String password) {
        LogImport source = new LogImport(url);
        source.signIn.setProperty("user", user == null ? "" : user);
        source.signIn.setProperty("password", password == null ? "" : password);
        if (user == null && !url.toLowerCase(Locale.ROOT).startsWith("jdbc:h2:")) {
            source.signIn.clear();
        }
        return source;
    }

    /**
     * Copies everything. Blocks until it is done. A copy that was ended half-way leaves a log that is refused by the next
     * attempt; delete it first.
     *
     * @param target an empty log that nobody else has opened; it is left open
     * @return the head of both
     * @throws IllegalArgumentException if the source is no log, or its driver is missing
     * @throws IllegalStateException if the target is not empty or the source cannot be read
     */
    public Position into(JdbcNotificationLog target) {
        Dialect dialect = Dialect.ofUrl(url);
        if (dialect == null) {
            throw new IllegalArgumentException("import: " + JdbcNotificationLog.Builder.scheme(url)
                    + " (expected: the URL of a database that holds a log)");
        }
        Driver driver =
                JdbcNotificationLog.Builder.driver(dialect.driver(url), JdbcNotificationLog.Builder.scheme(url));
        Position before = target.open();
        if (before.seq() > 0) {
            throw new IllegalStateException(
                    "import: the target holds " + before.seq() + " notifications (expected: an empty log)");
        }
        Secrets secrets = new Secrets(url, signIn.getProperty("password"));
        try (Connection source = driver.connect(url, signIn)) {
            if (dialect == Dialect.POSTGRESQL) {
                source.setAutoCommit(false); // else its driver reads all rows before the first
            }
            Head head = head(source);
            for (Table table : TABLES) {
                copy(source, table, target.database());
            }
            target.database().writeForLong(handle -> {
                Rollup.rebuild(handle);
                return true;
            });
            target.adopt(head);
            return head.position();
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "import: the source cannot be read: " + secrets.clean(e.getMessage()), secrets.clean(e));
        }
    }

    private static Head head(Connection source) throws SQLException {
        try (Statement statement = source.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT epoch, seq, purged_through FROM notification_head WHERE id = 1")) {
            if (!row.next()) {
                throw new IllegalStateException("import: the source has never been opened (expected: a log)");
            }
            return new Head(row.getString(1), row.getLong(2), row.getLong(3));
        }
    }

    private static void copy(Connection source, Table table, Database target) throws SQLException {
        try (Statement statement = source.createStatement()) {
            statement.setFetchSize(AT_ONCE);
            try (ResultSet rows = statement.executeQuery(table.select())) {
                List<@Nullable Object[]> part = new ArrayList<>();
                while (rows.next()) {
                    part.add(values(table, rows));
                    if (part.size() == AT_ONCE) {
                        insert(target, table, part);
                        part.clear();
                    }
                }
                insert(target, table, part);
            }
        }
    }

    private static @Nullable Object[] values(Table table, ResultSet row) throws SQLException {
        List<String> names = table.names();
        @Nullable Object[] values = new Object[names.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(row, names.get(i));
        }
        return values;
    }

    private static @Nullable Object value(ResultSet row, String column) throws SQLException {
        if (Table.isTime(column)) {
            return Times.nullableInstant(row, column);
        }
        if (NUMBERS.contains(column)) {
            return row.getLong(column);
        }
        if (column.equals("delivered")) {
            return row.getBoolean(column);
        }
        String text = row.getString(column);
        // earlier builds left it out in the rows of one user
        return text == null && column.equals("audience") ? "user:" + row.getString("user_id") : text;
    }

    private static void insert(Database target, Table table, List<@Nullable Object[]> rows) {
        target.writePatiently(handle -> {
            PreparedBatch batch = handle.prepareBatch(table.insert());
            for (@Nullable Object[] row : rows) {
                for (int i = 0; i < row.length; i++) {
                    Object value = row[i];
                    if (value == null && Table.isTime(table.names().get(i))) {
                        batch.bindByType(i, null, Instant.class);
                    } else {
                        batch.bind(i, value);
                    }
                }
                batch.add();
            }
            Batches.execute(batch);
            return rows.size();
        });
    }
}
