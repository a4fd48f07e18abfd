package io.notify.netty.socketio;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.notify.netty.engineio.EngineApplication;
import io.notify.netty.engineio.EngineEndpoint;
import io.notify.netty.engineio.EngineHandshake;
import io.notify.netty.engineio.EngineListener;
import io.notify.netty.engineio.EngineSession;
import io.notify.netty.engineio.EngineSettings;
import io.notify.netty.engineio.SecretIds;
import io.notify.netty.http.ConnectionLimits;
import io.notify.netty.http.HttpExchange;
import io.notify.netty.http.HttpHandler;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * Handles Socket.IO requests for an application. One endpoint may serve several paths. Internal to notify-netty. Any
 * thread.
 */
public final class SocketIoEndpoint implements HttpHandler {
    private final SocketIoApplication application;
    private final EngineEndpoint engine;
    private final PacketDecoder decoder = new PacketDecoder();
    private final int maxPacketBytes;
    private final PacketEncoder encoder;
    private final long connectTimeoutNanos;
    private final SecretIds ids = new SecretIds();

    /**
     * Creates an endpoint.
     *
     * @param connectTimeout time without any namespace after which a session is closed
     * @param mapper converts acknowledgements and events to JSON
     * @param keepsHeader selects the headers that the handshake of a client retains, by name in any case
     * @param pollingLimits limits of polling sessions
     */
    public SocketIoEndpoint(
            EngineSettings settings,
            Duration connectTimeout,
            ObjectMapper mapper,
            Predicate<CharSequence> keepsHeader,
            ConnectionLimits pollingLimits,
            SocketIoApplication application) {
        if (connectTimeout.isNegative() || connectTimeout.isZero()) {
            throw new IllegalArgumentException(
                    "connectTimeout: " + connectTimeout.toMillis() + " ms (expected: > 0 ms)");
        }
        this.application = application;
        this.connectTimeoutNanos = connectTimeout.toNanos();
        maxPacketBytes = settings.maxPayload();
        encoder = new PacketEncoder(mapper);
        engine = new EngineEndpoint(settings, new Engine(), keepsHeader, pollingLimits);
    }

    @Override
    public void handle(HttpExchange exchange) {
        engine.handle(exchange);
    }

    /** Returns how many requests Engine.IO refused for a reason. */
    public long refusals(String reason) {
        return engine.refusals(reason);
    }

    /** Returns the number of clients. */
    public int clients() {
        return engine.sessions();
    }

    /** Ends every session after the packets offered so far. The clients reconnect. Does not wait. */
    public void closeClients() {
        engine.closeSessions();
    }

    /** Ends every session at once. To be called before the port is closed. Does not wait. */
    public void dropClients() {
        engine.dropSessions();
    }

    SocketIoApplication application() {
        return application;
    }

    PacketDecoder decoder() {
        return decoder;
    }

    /** Returns the limit of a packet and its attachments together. */
    int maxPacketBytes() {
        return maxPacketBytes;
    }

    PacketEncoder encoder() {
        return encoder;
    }

    long connectTimeoutNanos() {
        return connectTimeoutNanos;
    }

    String newId() {
        return ids.get();
    }

    /** Creates a client for each Engine.IO session. */
    private final class Engine implements EngineApplication {
        @Override
        public CompletionStage<Boolean> admits(HttpExchange request) {
            return application.admits(request);
        }

        @Override
        public CompletionStage<Boolean> admits(EngineListener known, HttpExchange request) {
            return application.admits(((SocketIoClient.Listener) known).client(), request);
        }

        @Override
        public EngineListener open(EngineSession session, EngineHandshake handshake) {
            return new SocketIoClient(SocketIoEndpoint.this, session, handshake).listener();
        }
    }
}
