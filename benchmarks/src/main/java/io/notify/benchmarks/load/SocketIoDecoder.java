package io.notify.benchmarks.load;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.MessageToMessageDecoder;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Signs in to the namespace of the notifications, answers pings, and passes on the notes. */
@SuppressWarnings("FutureReturnValueIgnored") // a channel that fails says so by channelInactive
final class SocketIoDecoder extends MessageToMessageDecoder<TextWebSocketFrame> {
    private static final String NAMESPACE = "/ws/notifications,";
    private static final String NOTE = "42" + NAMESPACE + "[\"" + Note.EVENT + "\",";
    private static final String CONNECTED = "42" + NAMESPACE + "[\"connected\",";

    private final String signIn;

    SocketIoDecoder(String token, @Nullable String cursor) {
        super(TextWebSocketFrame.class);
        String resume = cursor == null ? "" : ",\"offset\":\"" + cursor + "\"";
        this.signIn = "40" + NAMESPACE + "{\"token\":\"" + token + "\"" + resume + "}";
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, TextWebSocketFrame frame, List<Object> out) {
        String packet = frame.text();
        if (packet.startsWith(NOTE)) {
            Note note = Note.in(packet);
            if (note != null) {
                out.add(note);
            }
        } else if (packet.equals("2")) {
            ctx.writeAndFlush(new TextWebSocketFrame("3"));
        } else if (packet.startsWith("0{")) {
            ctx.writeAndFlush(new TextWebSocketFrame(signIn));
        } else if (packet.startsWith(CONNECTED)) {
            ctx.fireUserEventTriggered(Entered.ENTERED);
        }
    }
}
