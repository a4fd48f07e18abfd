package io.notify.netty.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;

/** Netty's frame decoder, masked frames only and no extensions; tells its socket when a frame is there in part. */
final class FrameDecoder extends WebSocket13FrameDecoder {
    private final WebSocket socket;

    FrameDecoder(WebSocketLimits limits, WebSocket socket) {
        super(WebSocketDecoderConfig.newBuilder()
                .expectMaskedFrames(true)
                .allowMaskMismatch(false)
                .allowExtensions(false)
                .maxFramePayloadLength(limits.maxMessageBytes())
                // The socket closes: there is no frame encoder to take Netty's close frame.
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
