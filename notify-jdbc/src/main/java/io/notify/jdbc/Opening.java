package io.notify.jdbc;

import io.notify.LogUnavailableException;
import io.notify.Position;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a database of a known kind that has the tables and keeps what it commits; others are refused. If rows are beyond or
 * missing below the head, or the log ends before a position that was told, it starts a new epoch.
 */
final class Opening {
    private static final Logger LOG = LoggerFactory.getLogger(Opening.class);
    private static final int EPOCH_BITS = 80;
    private static final int EPOCH_RADIX = 36;

    private final Database database;
    private final DataSource direct;
    private final Durability durability;
    private final boolean migrate;
    private final SecureRandom random = new SecureRandom();
    private final @Nullable SqliteFile file;
    private volatile KnownHead knownHead = KnownHead.inMemory();
    private volatile @Nullable Checkpointer checkpointer;

    /**
     * Opens nothing yet.
     *
     * @param direct gives connections past the pool: at the first attempt or not at all, and without our time limits
     * @param file what {@code direct} and the database are over; null if that is no SQLite file
     */
    Opening(Database database, DataSource direct, @Nullable SqliteFile file, Durability durability, boolean migrate) {
        this.database = database;
        this.direct = direct;
        this.file = file;
        this.durability = durability;
        this.migrate = migrate;
    }

    Dialect open() {
        if (file != null) {
            file.prepare();
            knownHead = KnownHead.lock(file.headFile());
        }
        // held until the pool has its own: an embedded database is closed with its last connection
        try (Connection first = direct.getConnection()) {
            Dialect dialect = dialect(first.getMetaData().getDatabaseProductName());
            if (dialect == Dialect.SQLITE && file == null) {
                throw new IllegalStateException("dataSource: SQLite (expected: url(\"jdbc:sqlite:...\"), since the log"
                        + " needs the only connection that writes)");
            }
            database.use(dialect);
            if (migrate) {
                Migration.run(direct, dialect, database.secrets());
            }
            database.awaitConnection();
            requireTables(dialect);
            if (durability == Durability.POWER) {
                requirePower(dialect);
            }
            if (file != null) {
                Checkpointer copying = new Checkpointer(file.writer(), database);
                checkpointer = copying;
                copying.start();
            }
            Optional<Position> known = knownHead.last();
            // patiently: a start on a busy machine is slow, not wrong
            knownHead.raise(
                    database.writePatiently(handle -> findEnd(handle, known)).position());
            return dialect;
        } catch (SQLException e) {
            throw refused(e);
        }
    }

    /** Must be raised to each position before anybody is told of it. */
    KnownHead knownHead() {
        return knownHead;
    }

    /** Stops what {@link #open} started; the database's connections are to be closed before {@link #unlock}. */
    void close() {
        Checkpointer running = checkpointer;
        if (running != null) {
            running.close();
        }
    }

    /** Lets another log have the file. */
    void unlock() {
        knownHead.close();
    }

    private static Dialect dialect(String product) {
        Dialect dialect = Dialect.ofProduct(product);
        if (dialect == null) {
            throw new IllegalStateException(
                    "database: " + product + " (expected: SQLite, PostgreSQL, MariaDB, MySQL or H2)");
        }
        return dialect;
    }

    private RuntimeException refused(SQLException e) {
        String message = database.secrets().clean(e.getMessage());
        Throwable cause = database.secrets().clean(e);
        if (Failures.isCorrupt(e)) {
            return new IllegalStateException(
                    "the database file: cut short or altered (expected: a whole one; restore a backup): " + message,
                    cause);
        }
        return Failures.isSignIn(e)
                ? new IllegalStateException(
                        "user, password: refused (expected: ones the database knows): " + message, cause)
                : new LogUnavailableException("the database cannot be reached: " + message, cause);
    }

    private void requireTables(Dialect dialect) {
        require("table notification_head", "COUNT(*) FROM notification_head", dialect);
        // the last one that the scripts make
        require("table notification_stats", "COUNT(*) FROM notification_stats", dialect);
    }

    private void require(String name, String use, Dialect dialect) {
        try {
            database.readPatiently(handle -> handle.createQuery("SELECT " + use + " WHERE 1 = 0")
                    .mapTo(Long.class)
                    .one());
        } catch (LogUnavailableException e) {
            SQLException failure = Failures.sql(e);
            if (failure != null && Failures.isSchema(failure)) {
                throw new IllegalStateException(
                        name + ": missing (expected: the scripts of " + dialect.migrations()
                                + " run, or migrate(true))",
                        e);
            }
            throw e;
        }
    }

    private void requirePower(Dialect dialect) {
        String doubt = database.readPatiently(handle -> Optional.ofNullable(dialect.powerDoubt(handle)))
                .orElse("");
        if (!doubt.isEmpty()) {
            throw new IllegalStateException("durability: POWER, but the database has " + doubt);
        }
    }

    private Head findEnd(Handle handle, Optional<Position> known) {
        boolean isNew = handle.createQuery("SELECT COUNT(*) FROM notification_head")
                        .mapTo(Long.class)
                        .one()
                == 0;
        if (isNew) {
            // two logs opening at once: the second one meets the key and is tried again
            handle.createUpdate("INSERT INTO notification_head (id, epoch, seq, purged_through) VALUES (1, ?, 0, 0)")
                    .bind(0, newEpoch())
                    .execute();
        }
        Head head = Head.lock(handle);
        long last = handle.createQuery("SELECT COALESCE(MAX(seq), 0) FROM notification_logs")
                .mapTo(Long.class)
                .one();
        // numbers have no holes and only a purge removes rows
        boolean beyond = last > head.seq();
        boolean missing = head.seq() > Math.max(last, head.purgedThrough());
        boolean older =
                !isNew && known.filter(position -> isBeyond(position, head)).isPresent();
        if (beyond || missing || older) {
            handle.createUpdate("UPDATE notification_head SET seq = :seq, purged_through = :through WHERE id = 1")
                    .bind("seq", Math.max(last, head.seq()))
                    .bind("through", missing ? head.seq() : head.purgedThrough())
                    .execute();
            Rollup.rebuild(handle);
            Head renewed = renewEpoch(handle);
            LOG.warn(
                    "the database was altered, cut short or replaced: it ended at {} with row {}, {} was known;"
                            + " it goes on as {}",
                    head.position(),
                    last,
                    known.map(Position::toString).orElse("nothing"),
                    renewed.position());
            return renewed;
        }
        return head;
    }

    private static boolean isBeyond(Position position, Head head) {
        return !position.epoch().equals(head.epoch()) || position.seq() > head.seq();
    }

    /** Starts a new epoch at the head. */
    Head renewEpoch(Handle handle) {
        handle.createUpdate("UPDATE notification_head SET epoch = ? WHERE id = 1")
                .bind(0, newEpoch())
                .execute();
        Head head = Head.read(handle);
        Acknowledgements.limit(handle, head.seq());
        return head;
    }

    private String newEpoch() {
        return new BigInteger(EPOCH_BITS, random).toString(EPOCH_RADIX);
    }
}
