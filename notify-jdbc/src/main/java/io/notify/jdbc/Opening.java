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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log opens on a database that is of a known kind, has the tables, keeps what it commits, has no row beyond or missing below
 * its head and ends no earlier than it once did; the last two are mended by a new epoch, the others are refused.
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
    private volatile Witness witness = Witness.inMind();

    /** @param direct gives connections past the pool: at the first attempt or not at all, and without our time limits */
    Opening(Database database, DataSource direct, Durability durability, boolean migrate) {
        this.database = database;
        this.direct = direct;
        this.durability = durability;
        this.migrate = migrate;
    }

    Dialect open() {
        // held until the pool has its own: an H2 file is closed with its last connection
        try (Connection first = direct.getConnection()) {
            Dialect dialect = dialect(first.getMetaData().getDatabaseProductName());
            database.use(dialect);
            if (migrate) {
                Migration.run(direct, dialect, database.secrets());
            }
            database.awaitConnection();
            requireTables(dialect);
            if (durability == Durability.POWER) {
                requirePower(dialect);
            }
            // patiently here and below: a start on a busy machine is slow, not wrong
            witness = database.readPatiently(handle -> dialect.witness(handle));
            Optional<Position> known = witness.last();
            witness.saw(database.writePatiently(handle -> findEnd(handle, known).position()));
            while (database.writePatiently(Blocks::catchUp)) {
                // rows of a version that did not have them, or of a database that was altered
            }
            return dialect;
        } catch (SQLException e) {
            throw refused(e);
        }
    }

    /** Must see every position before anybody else does. */
    Witness witness() {
        return witness;
    }

    private static Dialect dialect(String product) {
        Dialect dialect = Dialect.ofProduct(product);
        if (dialect == null) {
            throw new IllegalStateException("database: " + product + " (expected: H2, PostgreSQL, MariaDB or MySQL)");
        }
        return dialect;
    }

    private RuntimeException refused(SQLException e) {
        String message = database.secrets().clean(e.getMessage());
        Throwable cause = database.secrets().clean(e);
        return Failures.isSignIn(e)
                ? new IllegalStateException(
                        "user, password: refused (expected: ones the database knows): " + message, cause)
                : new LogUnavailableException("the database cannot be reached: " + message, cause);
    }

    private void requireTables(Dialect dialect) {
        require("table notification_head", "COUNT(*) FROM notification_head", dialect);
        // the last one that the scripts make
        require("table notification_blocks", "COUNT(*) FROM notification_blocks", dialect);
        if (dialect.userRows() == UserRows.PLACED) {
            require("column notification_logs.place", "COUNT(place) FROM notification_logs", dialect);
        }
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
            Blocks.forget(handle);
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
        // what was acknowledged beyond the head was lost; the numbers will come again for others
        handle.createUpdate("UPDATE notification_acknowledgements SET seq = :head WHERE seq > :head")
                .bind("head", head.seq())
                .execute();
        return head;
    }

    private String newEpoch() {
        return new BigInteger(EPOCH_BITS, random).toString(EPOCH_RADIX);
    }
}
