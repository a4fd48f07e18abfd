package io.notify.netty.sse;

import io.notify.CloseReason;
import io.notify.Connection;
import io.notify.OutboundEvent;
import io.notify.Transport;
import io.notify.TransportSession;
import io.notify.netty.http.Deadline;
import io.notify.netty.http.HttpStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One event stream, as a session of the core. The stream starts with a position, so that a client that disconnects before
 * the first event can resume. Event loop only, unless a method says otherwise.
 */
final class SseSession implements TransportSession {
    private final String id;
    private final HttpStream stream;
    private final SseFormat format;
    private final int maxPendingBytes;
    private final long heartbeatNanos;
    private final long cleanupNanos;
    private final Deadline heartbeat = new Deadline(this::onHeartbeat);
    private @Nullable Connection connection;
    private boolean begun;
    private boolean closed;
    private @Nullable CloseReason closing;
    /** When the network last took bytes while others were pending; 0 if none are pending. */
    private long stuckSince;

    private long progress;

    SseSession(
            String id,
            HttpStream stream,
            SseFormat format,
            int maxPendingBytes,
            Duration heartbeatInterval,
            Duration cleanupInterval) {
        this.id = id;
        this.stream = stream;
        this.format = format;
        this.maxPendingBytes = maxPendingBytes;
        this.heartbeatNanos = heartbeatInterval.toNanos();
        this.cleanupNanos = cleanupInterval.toNanos();
    }

    /** Starts the heartbeat. The session ends with the stream. */
    void start(Connection opened) {
        connection = opened;
        setHeartbeat(stream.loop().nanoTime());
        stream.onClose(this::ended);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Transport transport() {
        return Transport.SSE;
    }

    @Override
    public boolean offer(OutboundEvent event) {
        if (closed) {
            return false;
        }
        if (!begun) {
            begun = true;
            stream.outbound().offer(SseFormat.position(event.position()));
        }
        byte[] bytes = event.encoded(format);
        if (event.volatileDelivery()) {
            return stream.outbound().hasRoom(bytes.length + maxPendingBytes / 2)
                    && stream.outbound().offerShared(bytes);
        }
        if (stream.outbound().offerShared(bytes)) {
            return true;
        }
        close(CloseReason.TOO_SLOW);
        return false;
    }

    @Override
    public boolean hasRoom(int bytes) {
        return stream.outbound().pendingBytes() == 0 || stream.outbound().hasRoom(bytes + maxPendingBytes / 2);
    }

    @Override
    public void flush() {
        stream.outbound().flush();
    }

    /** Ends the stream; any thread. An EventSource reconnects, and stops if its token is then answered with 401. */
    @Override
    public void close(CloseReason reason) {
        stream.loop().run(() -> {
            if (!closed) {
                closed = true;
                closing = reason;
                stream.close();
                ended();
            }
        });
    }

    private void onHeartbeat(long now) {
        if (closed) {
            return;
        }
        stream.outbound().flush();
        long progressed = stream.outbound().progress();
        if (stream.outbound().pendingBytes() == 0) {
            stuckSince = 0;
        } else if (stuckSince == 0 || progressed > progress) {
            stuckSince = now;
        } else if (now - stuckSince >= cleanupNanos) {
            close(CloseReason.TOO_SLOW);
            return;
        }
        progress = progressed;
        if (stream.outbound().offer(SseFormat.heartbeat())) {
            stream.outbound().flush();
        }
        setHeartbeat(now);
    }

    private void setHeartbeat(long now) {
        stream.loop().deadlines().set(heartbeat, now + heartbeatNanos);
    }

    private void ended() {
        closed = true;
        stream.loop().deadlines().clear(heartbeat);
        Connection ended = connection;
        connection = null;
        if (ended != null) {
            ended.closed(closing);
        }
    }
}
