package io.notify.netty.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;

/**
 * Netty's frame decoder for masked frames without extensions. Notifies its {@link WebSocket} when part of a frame has
 * arrived.
 */
final class FrameDecoder extends WebSocket13FrameDecoder {
    private final WebSocket socket;

    FrameDecoder(WebSocketLimits limits, WebSocket socket) {
        super(WebSocketDecoderConfig.newBuilder()
                .expectMaskedFrames(true)
                .allowMaskMismatch(false)
                .allowExtensions(false)
                .maxFramePayloadLength(limits.maxMessageBytes())
                // The WebSocket closes instead: this pipeline has no frame encoder for Netty's close frame.
                .closeOnProtocolViolation(false)
                .withUTF8Validator(false)
                .build());
        this.socket = socket;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        if (actualReadableBytes() > 0) {
            socket.messageBegins();
        }
        super.channelReadComplete(ctx);
    }
}
