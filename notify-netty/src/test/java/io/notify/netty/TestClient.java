package io.notify.netty;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * A client of one transport, made of bytes: what it heard, in order, and asking with an acknowledgement. What comes is read
 * by a thread of its own; a test waits for what it names, never for a time.
 */
abstract sealed class TestClient implements AutoCloseable permits SocketIoTestClient, PlainTestClient, SseTestClient {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final List<Heard> all = new ArrayList<>(); // guarded by this
    private final List<Heard> untaken = new ArrayList<>(); // guarded by this
    private final Map<Integer, JsonNode> acknowledgements = new HashMap<>(); // guarded by this
    private String refusal; // guarded by this
    private Throwable failure; // guarded by this
    private boolean ended; // guarded by this
    private int acks; // guarded by this
    private JsonNode hello;

    /**
     * One event as it came.
     *
     * @param position the cursor it brought
     */
    record Heard(String event, JsonNode data, String position) {
        boolean isNotification() {
            return data.has("id") && data.has("createdAt");
        }
    }

    /** It was not let in. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /** @param how an HTTP status, or the code of a CONNECT_ERROR */
        Refused(String how) {
            super(how);
        }
    }

    // ---- what a transport does
    // ------------------------------------------------------------------------------------------

    /** Sends an event; {@code ack} is -1 for none. After the end it does nothing. */
    abstract void write(String event, Object data, int ack) throws IOException;

    /** Leaves without a word, as a network that breaks. */
    @Override
    public abstract void close();

    /** What Socket.IO calls {@code pid}; null if the transport has none. */
    String recoveryId() {
        return null;
    }

    // ---- what its reader tells
    // ------------------------------------------------------------------------------------------

    /** Runs what reads, until the connection ends. */
    final void readBy(Reading reading) {
        Thread reader = new Thread(
                () -> {
                    try {
                        reading.run();
                    } catch (IOException e) {
                        // the end, of whatever kind
                    } catch (Throwable e) {
                        fail(e);
                    } finally {
                        end();
                    }
                },
                "test-client");
        reader.setDaemon(true);
        reader.start();
    }

    final synchronized void heard(String event, JsonNode data, String position) {
        Heard heard = new Heard(event, data, position);
        all.add(heard);
        untaken.add(heard);
        notifyAll();
    }

    final synchronized void acknowledged(int ack, JsonNode data) {
        acknowledgements.put(ack, data);
        notifyAll();
    }

    final synchronized void refused(String how) {
        refusal = how;
        notifyAll();
    }

    private synchronized void fail(Throwable thrown) {
        failure = thrown;
        notifyAll();
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }

    interface Reading {
        void run() throws IOException;
    }

    // ---- what tests call
    // --------------------------------------------------------------------------------------------

    final void emit(String event, Object data) {
        try {
            write(event, data, -1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends an event and returns its acknowledgement. */
    final JsonNode ask(String event, Object data) {
        int ack;
        synchronized (this) {
            ack = ++acks;
        }
        try {
            write(event, data, ack);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return await("an acknowledgement of " + event, () -> acknowledgements.remove(ack));
    }

    /** The next event of this name that no test has taken yet. */
    final Heard next(String event) {
        return await(event, () -> {
            for (Iterator<Heard> each = untaken.iterator(); each.hasNext(); ) {
                Heard heard = each.next();
                if (heard.event().equals(event)) {
                    each.remove();
                    return heard;
                }
            }
            return null;
        });
    }

    /** The next answer, whatever it is; events of no answer are passed over. */
    final Heard next() {
        return await("any event", () -> untaken.isEmpty() ? null : untaken.remove(0));
    }

    /** What it was told first; waits for it. */
    final JsonNode connected() {
        if (hello == null) {
            hello = next("connected").data();
        }
        return hello;
    }

    /** Everything heard so far. */
    final synchronized List<Heard> heard() {
        return List.copyOf(all);
    }

    /** The names of the notifications heard so far. */
    final List<String> notifications() {
        return heard().stream().filter(Heard::isNotification).map(Heard::event).toList();
    }

    final synchronized boolean hasEnded() {
        return ended;
    }

    /** Waits until the server has closed the connection. */
    final void awaitEnd() {
        await("the end", () -> ended ? Boolean.TRUE : null);
    }

    private interface Look<T> {
        T now();
    }

    private synchronized <T> T await(String what, Look<T> look) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            T found = look.now();
            if (found != null) {
                return found;
            }
            if (refusal != null) {
                throw new Refused(refusal);
            }
            long left = (until - System.nanoTime()) / 1_000_000;
            if (failure != null || ended || left <= 0) {
                throw new AssertionError(
                        (ended ? "it ended before: " : "waited in vain for: ") + what + "; heard " + all, failure);
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}
