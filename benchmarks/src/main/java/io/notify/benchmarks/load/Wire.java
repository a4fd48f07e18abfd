package io.notify.benchmarks.load;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.string.StringDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The ways in. Each turns what comes over a fresh connection into {@link Note}s, and says {@link Entered} once. */
enum Wire {
    /** Socket.IO over a WebSocket, without polling first. */
    SOCKETIO {
        @Override
        void install(ChannelPipeline pipeline, int port, String token, @Nullable String cursor) {
            webSocket(pipeline, "ws://127.0.0.1:" + port + "/socket.io/?EIO=4&transport=websocket");
            pipeline.addLast(new SocketIoDecoder(token, cursor));
        }
    },
    /** A plain WebSocket with JSON frames. */
    WEBSOCKET {
        @Override
        void install(ChannelPipeline pipeline, int port, String token, @Nullable String cursor) {
            String resume = cursor == null ? "" : "&since=" + cursor;
            webSocket(pipeline, "ws://127.0.0.1:" + port + "/ws/notifications?token=" + token + resume);
            pipeline.addLast(new PlainDecoder());
        }
    },
    /** The event stream. */
    SSE {
        @Override
        void install(ChannelPipeline pipeline, int port, String token, @Nullable String cursor) {
            pipeline.addLast(new HttpClientCodec())
                    .addLast(new SseOpening(token, cursor))
                    .addLast(new LineBasedFrameDecoder(MOST_BYTES))
                    .addLast(new StringDecoder(StandardCharsets.UTF_8))
                    .addLast(new SseDecoder());
        }
    };

    private static final int MOST_BYTES = 1 << 20;
    private static final long PATIENCE_MILLIS = 60_000;

    /**
     * Once, on a fresh connection.
     *
     * @param cursor the position to resume from; null for a client that was never here
     */
    abstract void install(ChannelPipeline pipeline, int port, String token, @Nullable String cursor);

    private static void webSocket(ChannelPipeline pipeline, String uri) {
        WebSocketClientProtocolConfig config = WebSocketClientProtocolConfig.newBuilder()
                .webSocketUri(uri)
                .maxFramePayloadLength(MOST_BYTES)
                .handshakeTimeoutMillis(PATIENCE_MILLIS)
                .build();
        pipeline.addLast(new HttpClientCodec())
                .addLast(new HttpObjectAggregator(MOST_BYTES))
                .addLast(new WebSocketClientProtocolHandler(config));
    }
}
