package io.notify.netty.sse;

import io.notify.OutboundEvent;
import io.notify.Position;
import io.notify.WireFormat;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Encodes events as {@code text/event-stream} (WHATWG HTML, server-sent events). The position is the event id. Line breaks
 * in the data cannot end an event.
 */
public final class SseFormat implements WireFormat<byte[]> {
    /** The media type of a stream. */
    public static final String CONTENT_TYPE = "text/event-stream";

    private static final byte[] DATA = ascii("data: ");
    private static final byte[] NEW_LINE = ascii("\n");

    /** Creates the format. All streams of a server share one, see {@link WireFormat}. */
    public SseFormat() {}

    @Override
    public byte[] encode(OutboundEvent event) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(event.data().length + 128);
        out.writeBytes(ascii("id: " + event.position() + "\n"));
        out.writeBytes(("event: " + event.name() + "\n").getBytes(StandardCharsets.UTF_8));
        writeData(out, event.data());
        out.writeBytes(NEW_LINE);
        return out.toByteArray();
    }

    /**
     * Encodes an event without an id, which leaves the last event id of the client unchanged.
     *
     * @param data JSON in UTF-8
     */
    public static byte[] event(String name, byte[] data) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(data.length + 64);
        out.writeBytes(("event: " + name + "\n").getBytes(StandardCharsets.UTF_8));
        writeData(out, data);
        out.writeBytes(NEW_LINE);
        return out.toByteArray();
    }

    /** Encodes an event without data, which sets the last event id of the client and is not dispatched. */
    public static byte[] position(Position position) {
        return ascii("id: " + position + "\n\n");
    }

    /** Encodes the time a client waits before it reconnects, in milliseconds. */
    public static byte[] retry(int millis) {
        return ascii("retry: " + millis + "\n\n");
    }

    /** Returns a comment, which keeps the connection from idling and is not dispatched. */
    public static byte[] heartbeat() {
        return ascii(":\n\n");
    }

    /** Writes one field per line. A line break in JSON is white space between tokens, and the client joins the lines again. */
    private static void writeData(ByteArrayOutputStream out, byte[] data) {
        int start = 0;
        for (int i = 0; i < data.length; i++) {
            if (data[i] == '\n' || data[i] == '\r') {
                writeLine(out, data, start, i);
                start = data[i] == '\r' && i + 1 < data.length && data[i + 1] == '\n' ? ++i + 1 : i + 1;
            }
        }
        writeLine(out, data, start, data.length);
    }

    private static void writeLine(ByteArrayOutputStream out, byte[] data, int from, int to) {
        out.writeBytes(DATA);
        out.write(data, from, to - from);
        out.writeBytes(NEW_LINE);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
