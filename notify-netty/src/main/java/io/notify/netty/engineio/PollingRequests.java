package io.notify.netty.engineio;

import io.notify.netty.http.HttpExchange;
import io.notify.netty.http.HttpReply;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles the polls and pushes of sessions that poll. Every request is answered exactly once, even if its session ends
 * meanwhile. Stateless; each method runs on the event loop of its session.
 */
final class PollingRequests {
    private static final Logger log = LoggerFactory.getLogger(PollingRequests.class);

    /** How long a pushed close packet waits for the poll that was sent with it on another connection. */
    private static final long LATE_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final EngineEndpoint endpoint;

    PollingRequests(EngineEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** Handles a poll. */
    void poll(EngineSession session, HttpExchange exchange) {
        Polling polling = session.polling();
        if (session.checkExpired()) {
            endpoint.refuse(exchange, EngineError.SESSION_UNKNOWN);
        } else if (polling == null) {
            endpoint.refuse(exchange, EngineError.BAD_REQUEST);
        } else if (session.isLingering()) {
            polling.park(exchange);
            polling.flush();
            if (polling.isEmpty()) {
                session.forget();
            }
        } else if (polling.isParked()) {
            polling.release(EncodedPacket.CLOSE);
            endpoint.refuse(exchange, EngineError.BAD_REQUEST);
            session.end(EngineCloseReason.TRANSPORT_ERROR);
        } else {
            polling.park(exchange);
            polling.flush();
            UpgradeProbe probe = session.probe();
            if (probe != null && probe.isAnswered()) {
                polling.release(EncodedPacket.NOOP);
            }
        }
    }

    /** Ends the session of a poll that broke off: the packets it would have carried are lost. */
    void pollGone(EngineSession session, HttpExchange exchange) {
        Polling polling = session.polling();
        if (polling != null && polling.isPoll(exchange)) {
            session.end(EngineCloseReason.TRANSPORT_CLOSE);
        }
    }

    /** Handles a push whose body has arrived. */
    void push(EngineSession session, HttpExchange exchange, byte[] body) {
        Polling polling = session.polling();
        if (session.checkExpired() || !session.isOpen()) {
            endpoint.refuse(exchange, EngineError.SESSION_UNKNOWN);
            return;
        }
        if (polling == null) {
            endpoint.refuse(exchange, EngineError.BAD_REQUEST);
            return;
        }
        try {
            for (EnginePacket packet : EnginePayload.decodeBody(body)) {
                if (!session.isOpen()) {
                    break;
                }
                if (packet instanceof EnginePacket.Text text && text.type() == EnginePacket.Type.CLOSE) {
                    close(session, polling, exchange);
                    return;
                }
                session.receive(packet);
            }
            polling.endPush();
            confirm(exchange);
        } catch (MalformedPacketException malformed) {
            log.debug("closed session: {}", malformed.getMessage());
            endpoint.refuse(exchange, EngineError.BAD_REQUEST);
            session.end(EngineCloseReason.PARSE_ERROR);
        }
    }

    /** Ends the session of a push that broke a rule, or broke off before its body was complete. */
    void pushFailed(EngineSession session, HttpExchange exchange) {
        endpoint.refuse(exchange, EngineError.BAD_REQUEST);
        session.end(EngineCloseReason.TRANSPORT_ERROR);
    }

    /**
     * Ends the session on the client's request. Its pending poll is answered with a noop. That poll may arrive after this
     * push although it was sent before, on another connection, so without a poll the push is answered a little later.
     */
    private static void close(EngineSession session, Polling polling, HttpExchange push) {
        if (polling.isParked()) {
            polling.release(EncodedPacket.NOOP);
            confirm(push);
            session.end(EngineCloseReason.TRANSPORT_CLOSE);
        } else {
            polling.drainFrames();
            polling.force(EncodedPacket.NOOP);
            polling.holdClosingPush(push);
            session.linger(LATE_POLL_NANOS, EngineCloseReason.TRANSPORT_CLOSE);
        }
    }

    /** Tells the client that its push was taken. */
    static void confirm(HttpExchange push) {
        push.reply(HttpReply.text(200, "ok"));
    }
}
