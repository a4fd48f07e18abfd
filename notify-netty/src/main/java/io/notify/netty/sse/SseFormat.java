package io.notify.netty.sse;

import io.notify.OutboundEvent;
import io.notify.Position;
import io.notify.WireFormat;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes events as {@code text/event-stream} (WHATWG HTML, server-sent events): the position is the id, and no line of the
 * data can end the event early.
 */
public final class SseFormat implements WireFormat<byte[]> {
    /** What a stream is. */
    public static final String CONTENT_TYPE = "text/event-stream";

    private static final byte[] DATA = ascii("data: ");
    private static final byte[] NEW_LINE = ascii("\n");

    /** Makes the format; one is shared by all streams of a server, see {@link WireFormat}. */
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
     * An event that moves nobody's cursor.
     *
     * @param data UTF-8 JSON
     */
    public static byte[] event(String name, byte[] data) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(data.length + 64);
        out.writeBytes(("event: " + name + "\n").getBytes(StandardCharsets.UTF_8));
        writeData(out, data);
        out.writeBytes(NEW_LINE);
        return out.toByteArray();
    }

    /** An event of no data: it moves the client's last event id and fires nothing. */
    public static byte[] position(Position position) {
        return ascii("id: " + position + "\n\n");
    }

    /** How long the client waits before it comes back, in milliseconds. */
    public static byte[] retry(int millis) {
        return ascii("retry: " + millis + "\n\n");
    }

    /** A comment: keeps the connection warm, and the client's last event id fresh. */
    public static byte[] heartbeat() {
        return ascii(":\n\n");
    }

    /** A new line in JSON is white space between tokens, so each line gets a field of its own and joins again there. */
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
