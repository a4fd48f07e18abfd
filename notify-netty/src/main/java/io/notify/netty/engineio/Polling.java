package io.notify.netty.engineio;

import io.notify.netty.http.HttpExchange;
import io.notify.netty.http.HttpReply;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The polling transport of one session: a packet queue bounded in bytes, and at most one pending poll. Event loop only,
 * except for {@link #beginPush} and {@link #endPush}.
 */
final class Polling {
    private static final Map<String, String> NO_STORE = Map.of("cache-control", "no-store");

    private final int maxPendingBytes;
    private final int maxPayload;

    // Any thread.

    private final AtomicBoolean pushing = new AtomicBoolean();

    // The session's event loop only.

    private final ArrayDeque<EncodedPacket> queue = new ArrayDeque<>();
    private int queuedBytes;
    /** The latest poll, parked or answered. */
    private @Nullable HttpExchange poll;

    private boolean parked;
    private boolean flushClaimed;
    /** Counted against the limit of polling sessions; null once it is released. */
    private @Nullable InetAddress countedAddress;
    /** The push that closed the session. It is answered when the last poll has come or is late. */
    private @Nullable HttpExchange closingPush;

    Polling(EngineSettings settings, InetAddress countedAddress) {
        maxPendingBytes = settings.maxPendingBytes();
        maxPayload = settings.maxPayload();
        this.countedAddress = countedAddress;
    }

    boolean offer(EncodedPacket packet) {
        if (queuedBytes + packet.length() > maxPendingBytes) {
            return false;
        }
        force(packet);
        return true;
    }

    /** Queues a packet regardless of the bound: for the one that ends a session. */
    void force(EncodedPacket packet) {
        queue.add(packet);
        queuedBytes += packet.length();
    }

    int maxPendingBytes() {
        return maxPendingBytes;
    }

    int queuedBytes() {
        return queuedBytes;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    boolean isParked() {
        return parked;
    }

    boolean isPoll(HttpExchange exchange) {
        return poll == exchange;
    }

    void park(HttpExchange exchange) {
        poll = exchange;
        parked = true;
    }

    /** Whether the caller has to schedule a {@link #flush}; true once until it has been called. */
    boolean claimFlush() {
        if (!parked || flushClaimed) {
            return false;
        }
        flushClaimed = true;
        return true;
    }

    /** Answers the parked poll with the queued packets; does nothing if there is neither. */
    void flush() {
        flushClaimed = false;
        HttpExchange exchange = poll;
        if (parked && exchange != null && !queue.isEmpty()) {
            answer(exchange, EnginePayload.encodeBody(queue, maxPayload));
            queuedBytes = 0;
            for (EncodedPacket left : queue) {
                queuedBytes += left.length();
            }
        }
    }

    /** Answers the parked poll, if any, with one packet that overtakes the queue. */
    void release(EncodedPacket packet) {
        HttpExchange exchange = poll;
        if (parked && exchange != null) {
            answer(exchange, packet.pollingBytes());
        }
    }

    /** Empties the queue and returns its packets as WebSocket frames. */
    byte[] drainFrames() {
        byte[] frames = new byte[queuedBytes];
        int at = 0;
        for (EncodedPacket packet : queue) {
            System.arraycopy(packet.frame(), 0, frames, at, packet.length());
            at += packet.length();
        }
        queue.clear();
        queuedBytes = 0;
        return frames;
    }

    /** Claims the only push that may be in progress. Any thread. */
    boolean beginPush() {
        return pushing.compareAndSet(false, true);
    }

    /** Any thread. */
    void endPush() {
        pushing.set(false);
    }

    void holdClosingPush(HttpExchange push) {
        closingPush = push;
    }

    /** Returns the push that closed the session, and forgets it; null if none waits. */
    @Nullable
    HttpExchange takeClosingPush() {
        HttpExchange push = closingPush;
        closingPush = null;
        return push;
    }

    /** Returns the address that this session counts against, and forgets it; null if it was released before. */
    @Nullable
    InetAddress takeCountedAddress() {
        InetAddress address = countedAddress;
        countedAddress = null;
        return address;
    }

    private void answer(HttpExchange exchange, byte[] body) {
        parked = false;
        exchange.reply(new HttpReply(200, "text/plain; charset=UTF-8", body, NO_STORE));
    }
}
