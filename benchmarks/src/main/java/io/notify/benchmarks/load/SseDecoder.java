package io.notify.benchmarks.load;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.MessageToMessageDecoder;
import java.util.List;

/** Passes on the notes among an event stream's lines. */
final class SseDecoder extends MessageToMessageDecoder<String> {
    private static final String EVENT = "event: ";
    private static final String DATA = "data: ";

    private String event = "";

    SseDecoder() {
        super(String.class);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, String line, List<Object> out) {
        if (line.startsWith(EVENT)) {
            event = line.substring(EVENT.length());
        } else if (line.startsWith(DATA) && event.equals(Note.EVENT)) {
            Note note = Note.in(line);
            if (note != null) {
                out.add(note);
            }
        } else if (line.isEmpty()) {
            if (event.equals("connected")) {
                ctx.fireUserEventTriggered(Entered.ENTERED);
            }
            event = "";
        }
    }
}
