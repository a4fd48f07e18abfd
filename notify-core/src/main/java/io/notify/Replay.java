package io.notify;

import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a paused connection from its cursor to the present: reads on reader threads, shows on the lane, and says a
 * {@code gap} for what cannot be shown.
 */
final class Replay {
    private static final Logger LOG = LoggerFactory.getLogger(Replay.class);

    /** So few rows are in memory at once for a connection that catches up, however much it missed. */
    private static final int PAGE_ROWS = 100;

    private final NotificationLog log;
    private final Executor readers;
    private final Clock clock;
    private final RoomMemory roomMemory;
    private final ClientEvents events;
    private final Hub hub;
    private final Epochs epochs;
    private final int limit;
    private final Meters meters;

    Replay(
            NotificationLog log,
            Executor readers,
            Clock clock,
            RoomMemory roomMemory,
            ClientEvents events,
            Hub hub,
            Epochs epochs,
            int limit,
            Meters meters) {
        this.log = log;
        this.readers = readers;
        this.clock = clock;
        this.roomMemory = roomMemory;
        this.events = events;
        this.hub = hub;
        this.epochs = epochs;
        this.limit = limit;
        this.meters = meters;
    }

    /**
     * Opens a connection that has a cursor: its rooms come back first, so that what was sent to them is replayed.
     *
     * @param ready on the lane, when the rooms are back and before anything is shown
     */
    void open(LiveConnection connection, Runnable ready) {
        connection.opens();
        read(connection, () -> {
            List<RoomMemory.Known> rooms = roomMemory.recall(log, connection.identity(), connection.sessionId());
            onLane(connection, () -> {
                rooms.forEach(known -> enter(connection, known));
                connection.opened();
                ready.run();
                next(connection);
            });
        });
    }

    private static void enter(LiveConnection connection, RoomMemory.Known known) {
        if (known.placed()) {
            connection.place(known.room());
        } else {
            connection.joinKey(new Audience.Room(known.room()).key());
        }
    }

    /**
     * Reads on from the connection's position until it is live. On the lane. For a client that missed nothing of what was handed
     * over here nothing is read: after a restart, or where another node ended, most are such, and all come back at once.
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
        meters.resumed(Meters.ResumeOutcome.COMPLETED);
        connection.caughtUp();
    }

    /**
     * Reads the next page, once there is room for it.
     *
     * @param left how many rows it may still be shown
     * @param bytes for which there must be room
     */
    private void next(LiveConnection connection, int left, int bytes) {
        if (connection.isClosed()) {
            meters.resumed(Meters.ResumeOutcome.ABANDONED);
            return;
        }
        if (!connection.hasRoom(bytes)) {
            later(connection, left, bytes);
            return;
        }
        LogReader reader = connection.reader();
        Position from = connection.position();
        int turn = connection.turn();
        read(connection, () -> {
            LogSlice slice = read(reader, from, Math.min(PAGE_ROWS, left));
            boolean known = epochs.present(from, slice.head()).isPresent();
            onLane(connection, () -> {
                if (connection.turn() != turn) {
                    return; // another replay began meanwhile, and goes on
                }
                if (connection.reader().equals(reader)) {
                    show(connection, from, known, slice, left);
                } else {
                    next(connection, left, bytes); // it was read without a room that it is in now
                }
            });
        });
    }

    /** At the next tick, so that a client that takes nothing costs the log nothing. */
    private void later(LiveConnection connection, int left, int bytes) {
        int turn = connection.turn();
        connection.lane().later(() -> {
            if (connection.turn() == turn) {
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

    /** @param known whether the cursor means a place in this log */
    private void show(LiveConnection connection, Position from, boolean known, LogSlice slice, int left) {
        if (connection.isClosed()) {
            meters.resumed(Meters.ResumeOutcome.ABANDONED);
            return;
        }
        Position head = slice.head();
        if (!known) {
            connection.gap(head, Meters.GapReason.EPOCH);
        } else {
            if (from.seq() < slice.purgedThrough()) {
                connection.gap(new Position(head.epoch(), slice.purgedThrough()), Meters.GapReason.EXPIRED);
            }
            int rest = left;
            for (LogRecord row : slice.records()) {
                if (!connection.hasRoom(row.payload().length)) {
                    // what is left of the page is read again: it must not wait in memory for a slow network
                    later(connection, rest, row.payload().length);
                    return;
                }
                rest--;
                if (!connection.replay(row)) {
                    meters.resumed(Meters.ResumeOutcome.ABANDONED);
                    return; // it closed itself; the client comes back with the position it got to
                }
            }
            if (slice.more() && rest > 0) {
                next(connection, rest, 1);
                return;
            }
            if (slice.more()) {
                connection.gap(head, Meters.GapReason.LIMIT);
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

    /** What fails there would leave the connection paused for ever: it is cut off instead. */
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

    /** Going live now would hide what was missed; a client that is cut off comes back with its cursor. */
    private void giveUp(LiveConnection connection) {
        meters.resumed(Meters.ResumeOutcome.UNAVAILABLE);
        connection.lane().execute(() -> {
            events.unavailable(connection);
            connection.lane().flush();
            connection.end(CloseReason.LOG_UNAVAILABLE);
        });
    }
}
