package io.notify;

import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replays the log to paused connections, from their cursors to its end. Reads on reader threads, shows on the lane, and reports
 * a {@code gap} for rows that cannot be shown.
 */
final class Replay {
    private static final Logger LOG = LoggerFactory.getLogger(Replay.class);

    /** Bound of the rows that are in memory for one connection, however many it missed. */
    private static final int PAGE_ROWS = 100;

    private final NotificationLog log;
    private final Executor readers;
    private final Clock clock;
    private final RoomMemory roomMemory;
    private final ClientReplies replies;
    private final Hub hub;
    private final Epochs epochs;
    private final int limit;
    private final ReplayMeters meters;

    Replay(
            NotificationLog log,
            Executor readers,
            Clock clock,
            RoomMemory roomMemory,
            ClientReplies replies,
            Hub hub,
            Epochs epochs,
            int limit,
            ReplayMeters meters) {
        this.log = log;
        this.readers = readers;
        this.clock = clock;
        this.roomMemory = roomMemory;
        this.replies = replies;
        this.hub = hub;
        this.epochs = epochs;
        this.limit = limit;
        this.meters = meters;
    }

    /**
     * Opens a connection that has a cursor. Its session's rooms are restored first, so that their rows are replayed.
     *
     * @param ready called on the lane after the rooms are restored and before any row is shown
     */
    void open(LiveConnection connection, Runnable ready) {
        connection.restoreRooms();
        read(connection, () -> {
            List<RoomMemory.SessionRoom> rooms = roomMemory.recall(log, connection.identity(), connection.sessionId());
            onLane(connection, () -> {
                rooms.forEach(room -> rejoin(connection, room));
                connection.roomsRestored();
                ready.run();
                next(connection);
            });
        });
    }

    private static void rejoin(LiveConnection connection, RoomMemory.SessionRoom known) {
        if (known.joinedByHost()) {
            connection.memberships().joinForHost(known.room());
        } else {
            connection.memberships().join(new Audience.Room(known.room()).key());
        }
    }

    /**
     * Moves a connection to a cursor and replays the log from there. A replay that is still running is superseded. On the lane.
     *
     * @param done called on the lane once the connection is live, after this replay or a later one
     */
    void resume(LiveConnection connection, Position cursor, Runnable done) {
        connection.pauseAt(cursor);
        connection.whenLive(done);
        if (!connection.isRestoringRooms()) {
            next(connection);
        }
    }

    /**
     * Replays from the connection's position until it is live. On the lane. If the client missed nothing that was published
     * here, the log is not read: after the end of this or another node most clients are such, and all reconnect at once.
     */
    void next(LiveConnection connection) {
        Position from = connection.position();
        Position to = connection.isClosed() ? null : hub.positionIfNothingMissed(connection.reader(), from);
        if (to != null && connection.replayedThrough(to)) {
            caughtUp(connection, from, to, 0);
        } else {
            next(connection, limit, 1);
        }
    }

    private void caughtUp(LiveConnection connection, Position from, Position to, int rows) {
        LOG.atDebug()
                .addKeyValue("connection", connection.socketId())
                .addKeyValue("from", from)
                .addKeyValue("to", to)
                .addKeyValue("rows", rows)
                .log("a connection has caught up");
        meters.resumed(ReplayMeters.Outcome.COMPLETED);
        connection.caughtUp();
    }

    /**
     * Reads the next page, once the connection has room for it.
     *
     * @param left the number of rows that may still be shown
     * @param bytes the number of bytes for which there must be room
     */
    private void next(LiveConnection connection, int left, int bytes) {
        if (connection.isClosed()) {
            meters.resumed(ReplayMeters.Outcome.ABANDONED);
            return;
        }
        if (!connection.hasRoom(bytes)) {
            later(connection, left, bytes);
            return;
        }
        LogReader reader = connection.reader();
        Position from = connection.position();
        long turn = connection.replayTurn();
        read(connection, () -> {
            LogSlice slice = read(reader, from, Math.min(PAGE_ROWS, left));
            boolean known = epochs.present(from, slice.head()).isPresent();
            onLane(connection, () -> {
                if (connection.replayTurn() != turn) {
                    return; // superseded by a later replay
                }
                if (connection.reader().equals(reader)) {
                    show(connection, from, known, slice, left);
                } else {
                    next(connection, left, bytes); // its rooms have changed since the read
                }
            });
        });
    }

    /** Waits for the next tick, so that a client that reads nothing causes no reads of the log. */
    private void later(LiveConnection connection, int left, int bytes) {
        long turn = connection.replayTurn();
        connection.lane().later(() -> {
            if (connection.replayTurn() == turn) {
                next(connection, left, bytes);
            }
        });
    }

    private LogSlice read(LogReader reader, Position from, int rows) {
        LogSlice slice = log.read(reader, from.seq(), rows, clock.instant());
        boolean ahead = from.epoch().equals(slice.head().epoch())
                && from.seq() > slice.head().seq();
        if (!ahead) {
            return slice;
        }
        epochs.lost(from);
        return log.read(reader, from.seq(), rows, clock.instant());
    }

    /** @param known whether the cursor denotes a position of this log */
    private void show(LiveConnection connection, Position from, boolean known, LogSlice slice, int left) {
        if (connection.isClosed()) {
            meters.resumed(ReplayMeters.Outcome.ABANDONED);
            return;
        }
        Position head = slice.head();
        if (!known) {
            connection.gap(head, GapReason.EPOCH);
        } else {
            if (from.seq() < slice.purgedThrough()) {
                connection.gap(new Position(head.epoch(), slice.purgedThrough()), GapReason.EXPIRED);
            }
            int rest = left;
            for (LogRecord row : slice.records()) {
                if (!connection.hasRoom(row.payload().length)) {
                    // the rest of the page is read again later: it must not stay in memory for a slow network
                    later(connection, rest, row.payload().length);
                    return;
                }
                rest--;
                if (!connection.replay(row)) {
                    meters.resumed(ReplayMeters.Outcome.ABANDONED);
                    return; // the session closed itself; the client will resume from the position it reached
                }
            }
            if (slice.more() && rest > 0) {
                next(connection, rest, 1);
                return;
            }
            if (slice.more()) {
                connection.gap(head, GapReason.LIMIT);
            }
        }
        if (connection.replayedThrough(head)) {
            caughtUp(connection, from, head, slice.records().size());
        } else {
            next(connection);
        }
    }

    private void read(LiveConnection connection, Runnable task) {
        try {
            readers.execute(() -> {
                try {
                    task.run();
                } catch (LogUnavailableException e) {
                    LOG.warn("a resume could not be served: {}", e.getMessage());
                    giveUp(connection);
                } catch (RuntimeException e) {
                    LOG.error("a resume failed", e);
                    giveUp(connection);
                }
            });
        } catch (RejectedExecutionException e) {
            giveUp(connection);
        }
    }

    /** A task that fails would leave the connection paused for ever, so the connection is closed. */
    private void onLane(LiveConnection connection, Runnable task) {
        connection.lane().execute(() -> {
            try {
                task.run();
                connection.lane().flush();
            } catch (RuntimeException | OutOfMemoryError e) {
                LOG.error("a resume failed", e);
                giveUp(connection);
            }
        });
    }

    /** Closes the connection: the client will resume from its cursor, whereas going live now would hide the missed rows. */
    private void giveUp(LiveConnection connection) {
        meters.resumed(ReplayMeters.Outcome.UNAVAILABLE);
        connection.lane().execute(() -> {
            replies.unavailable(connection);
            connection.lane().flush();
            connection.end(CloseReason.LOG_UNAVAILABLE);
        });
    }
}
