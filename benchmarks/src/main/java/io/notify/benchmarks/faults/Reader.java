package io.notify.benchmarks.faults;

import com.fasterxml.jackson.databind.JsonNode;
import io.notify.benchmarks.server.Server;
import java.io.Closeable;
import java.net.http.HttpClient;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A client of one transport: keeps its cursor, comes back whenever it is cut off, and asks for what it missed.
 *
 * <p>Its state is guarded by itself; what it hears comes from one connection at a time.
 */
abstract class Reader implements Closeable {
    private static final int MIN_PAUSE_MILLIS = 100;
    private static final int MAX_PAUSE_MILLIS = 1_000;

    private final Crowd crowd;
    private final int port;
    private final Inbox inbox;
    private final String token;
    private final AtomicInteger connects = new AtomicInteger();
    private @Nullable String cursor; // guarded by this
    private boolean wanted; // guarded by this
    private boolean connected; // guarded by this
    /** Which connection is the present one; what an older one says is not heard. */
    private int generation; // guarded by this

    Reader(Crowd crowd, int port, Inbox inbox) {
        this.crowd = crowd;
        this.port = port;
        this.inbox = inbox;
        this.token = Server.token(inbox.user(), "CUSTOMER");
    }

    /** Connects, and from now on whenever it is cut off. */
    final synchronized Reader start() {
        wanted = true;
        connect();
        return this;
    }

    /** Goes away, keeping its cursor. */
    final void stop() {
        synchronized (this) {
            wanted = false;
            connected = false;
            generation++;
        }
        hangUp();
    }

    /** Cut off from this end without a word; comes back by itself. */
    final void drop() {
        int dropped;
        synchronized (this) {
            dropped = generation;
        }
        hangUp();
        lost(dropped);
    }

    final Inbox inbox() {
        return inbox;
    }

    final synchronized boolean isConnected() {
        return connected;
    }

    /** How often it was let in. */
    final int connects() {
        return connects.get();
    }

    /** The cursor to come back with, on whatever transport; null before the first connection. */
    final synchronized @Nullable String cursor() {
        return cursor;
    }

    final synchronized Reader from(@Nullable String position) {
        cursor = position;
        return this;
    }

    final HttpClient http() {
        return crowd.http();
    }

    final int port() {
        return crowd.route(port);
    }

    final String token() {
        return token;
    }

    /** Begins to connect; {@link #heard} and {@link #lost} say by the same number what became of it. */
    abstract void connect(int number, @Nullable String since);

    /** Ends the present connection. */
    abstract void hangUp();

    private synchronized void opened() {
        if (!connected) {
            connected = true;
            connects.incrementAndGet();
            crowd.opened();
        }
    }

    /** The connection has ended, or never was. */
    final synchronized void lost(int number) {
        if (number != generation) {
            return;
        }
        generation++;
        if (connected) {
            connected = false;
            crowd.lost();
        }
        if (wanted) {
            int pause = ThreadLocalRandom.current().nextInt(MIN_PAUSE_MILLIS, MAX_PAUSE_MILLIS);
            crowd.later(this::reconnect, pause);
        }
    }

    private synchronized void reconnect() {
        if (wanted && !connected) {
            crowd.comesBack();
            connect();
        }
    }

    private void connect() {
        generation++;
        connect(generation, cursor);
    }

    /** An event with its position. */
    final void heard(int number, String event, JsonNode data, String position) {
        synchronized (this) {
            if (number != generation) {
                return;
            }
            if (!position.isEmpty()) {
                cursor = position;
            }
            if (event.equals("connected")) {
                opened();
            }
        }
        if (event.equals(Account.EVENT)) {
            inbox.arrived(data.path("id").asText(), data.path("data").path("n").asInt(), position);
        } else if (event.equals("gap")) {
            inbox.gap();
        }
        crowd.heard(event, data);
    }

    @Override
    public final void close() {
        stop();
    }
}
