package io.notify.netty.engineio;

import io.notify.netty.http.HttpExchange;
import io.notify.netty.http.HttpReply;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What a session that polls waits with: packets in their order, bounded in bytes, and at most one poll. Event loop only,
 * except for the push.
 */
final class Polling {
    private static final Map<String, String> NO_STORE = Map.of("cache-control", "no-store");

    private final int maxPendingBytes;
    private final int maxPayload;
    private final ArrayDeque<EncodedPacket> queue = new ArrayDeque<>();
    private int queuedBytes;
    /** The last poll that was let in: parked, or answered. */
    private @Nullable HttpExchange poll;

    private boolean parked;
    /** Of the event loops that requests come in by. */
    private final AtomicBoolean pushing = new AtomicBoolean();

    Polling(EngineSettings settings) {
        maxPendingBytes = settings.maxPendingBytes();
        maxPayload = settings.maxPayload();
    }

    boolean offer(EncodedPacket packet) {
        if (queuedBytes + packet.length() > maxPendingBytes) {
            return false;
        }
        force(packet);
        return true;
    }

    /** Takes a packet whatever the bound: for the one that ends a session. */
    void force(EncodedPacket packet) {
        queue.add(packet);
        queuedBytes += packet.length();
    }

    int bound() {
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

    /** Answers the parked poll with what is queued; does nothing if either is missing. */
    void flush() {
        HttpExchange exchange = poll;
        if (parked && exchange != null && !queue.isEmpty()) {
            answer(exchange, EnginePayload.encodeBody(queue, maxPayload));
            queuedBytes = 0;
            for (EncodedPacket left : queue) {
                queuedBytes += left.length();
            }
        }
    }

    /** Answers the parked poll, if any, with one packet that passes the queue by. */
    void release(EncodedPacket packet) {
        HttpExchange exchange = poll;
        if (parked && exchange != null) {
            answer(exchange, packet.pollingBytes());
        }
    }

    /** All that is queued, as WebSocket frames; the queue is empty then. */
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

    /** Claims the one push. Any thread. */
    boolean beginPush() {
        return pushing.compareAndSet(false, true);
    }

    /** Any thread. */
    void endPush() {
        pushing.set(false);
    }

    private void answer(HttpExchange exchange, byte[] body) {
        parked = false;
        exchange.reply(new HttpReply(200, "text/plain; charset=UTF-8", body, NO_STORE));
    }
}
