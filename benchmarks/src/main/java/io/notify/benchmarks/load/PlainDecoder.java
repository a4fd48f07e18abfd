package io.notify.benchmarks.load;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.MessageToMessageDecoder;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import java.util.List;

/** Passes on the notes among a plain WebSocket's JSON frames. */
final class PlainDecoder extends MessageToMessageDecoder<TextWebSocketFrame> {
    private static final String NOTE = "{\"event\":\"" + Note.EVENT + "\",";
    private static final String CONNECTED = "{\"event\":\"connected\",";

    PlainDecoder() {
        super(TextWebSocketFrame.class);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, TextWebSocketFrame frame, List<Object> out) {
        String json = frame.text();
        if (json.startsWith(NOTE)) {
            Note note = Note.in(json);
            if (note != null) {
                out.add(note);
            }
        } else if (json.startsWith(CONNECTED)) {
            ctx.fireUserEventTriggered(Entered.ENTERED);
        }
    }
}
