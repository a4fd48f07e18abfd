package io.notify.jdbc;

import io.notify.LogUnavailableException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies SQLite's write-ahead log into the database file on a thread of its own, so that no commit does. A commit waits only for
 * the short rest of a checkpoint that lets the write-ahead log begin anew, once it has grown to its limit.
 *
 * <p>See <a href="https://www.sqlite.org/wal.html">sqlite.org/wal.html</a>, 2.3 and 3.2.
 */
final class Checkpointer implements AutoCloseable {
    /** What the write-ahead log is cut to when it begins anew: it may be larger in between. */
    static final long MAX_WAL_BYTES = 64L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(Checkpointer.class);
    private static final long PAUSE_MILLIS = 50;

    /** Pages in the write-ahead log that are worth a checkpoint, with its two syncs. */
    private static final long DUE = 4_000;

    /** Pages at which the log is made to begin anew; reading gets slower with its length. */
    private static final long LONG = 32_000;

    /** Pages that a commit may wait for. */
    private static final long SHORT_REST = 400;

    private static final int ROUNDS = 4;
    private static final int IDLE_ROUNDS = 20;

    private final DataSource connections;
    private final Database database;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "notify-log-checkpoint");
    private boolean failed; // touched by the thread alone

    /** Pages in the write-ahead log, and how many of them are in the database file already. */
    private record Wal(long pages, long copied) {
        long rest() {
            return pages - copied;
        }
    }

    /** @param connections makes connections that may write */
    Checkpointer(DataSource connections, Database database) {
        this.connections = connections;
        this.database = database;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!isClosedAfter(PAUSE_MILLIS)) {
            try (Connection connection = connections.getConnection();
                    Statement statement = connection.createStatement()) {
                work(statement);
            } catch (SQLException | LogUnavailableException e) {
                // as on a full disk: it goes on trying, and says so once until a checkpoint succeeds
                if (!failed) {
                    failed = true;
                    LOG.warn("SQLite's write-ahead log could not be copied: {}", e.getMessage());
                }
            }
        }
    }

    private void work(Statement statement) throws SQLException {
        int idle = 0;
        while (!isClosedAfter(PAUSE_MILLIS)) {
            Wal wal = checkpoint(statement, "NOOP");
            if (wal.rest() >= DUE || (wal.rest() > 0 && idle++ > IDLE_ROUNDS)) {
                idle = 0;
                wal = checkpoint(statement, "PASSIVE");
                failed = false;
            }
            if (wal.pages() >= LONG) {
                beginAnew(statement);
            }
        }
    }

    /** Lets the log catch up beside the writer until little is left, then stops the writer for that. */
    private void beginAnew(Statement statement) throws SQLException {
        Wal wal = checkpoint(statement, "PASSIVE");
        for (int round = 1; round < ROUNDS && wal.rest() > SHORT_REST; round++) {
            wal = checkpoint(statement, "PASSIVE");
        }
        database.writeAlone(handle -> handle.createQuery("PRAGMA wal_checkpoint(RESTART)")
                .map((row, context) -> row.getInt(1))
                .list());
    }

    private static Wal checkpoint(Statement statement, String mode) throws SQLException {
        try (ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(" + mode + ")")) {
            return new Wal(row.getLong(2), row.getLong(3));
        }
    }

    private boolean isClosedAfter(long millis) {
        try {
            return closed.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }

    /** Returns when the thread has ended. */
    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
