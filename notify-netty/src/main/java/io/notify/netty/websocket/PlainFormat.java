package io.notify.netty.websocket;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.notify.OutboundEvent;
import io.notify.WireFormat;
import io.notify.netty.http.WebSocketFrames;
import java.nio.charset.StandardCharsets;

/** Encodes an event as one text frame {@code {"event","data","id"?,"position"}}. Stateless. */
final class PlainFormat implements WireFormat<byte[]> {
    @Override
    public byte[] encode(OutboundEvent event) {
        return WebSocketFrames.text(
                ascii("{\"event\":"), quoted(event.name()), ascii(",\"data\":"), event.data(), tail(event));
    }

    /** Encodes a reply to a client, which repeats the client's {@code ack} value, given as JSON. */
    static byte[] answer(OutboundEvent event, String ack) {
        byte[] end = tail(event);
        byte[] withAck = (",\"ack\":" + ack + new String(end, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
        return WebSocketFrames.text(
                ascii("{\"event\":"), quoted(event.name()), ascii(",\"data\":"), event.data(), withAck);
    }

    /** Encodes an acknowledgement that is not an event. */
    static byte[] acknowledgement(String event, byte[] data, String ack) {
        return WebSocketFrames.text(
                ascii("{\"event\":"),
                quoted(event),
                ascii(",\"data\":"),
                data,
                (",\"ack\":" + ack + "}").getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] tail(OutboundEvent event) {
        String id = event.id() == null ? "" : ",\"id\":\"" + event.id() + "\"";
        return ascii(id + ",\"position\":\"" + event.position() + "\"}");
    }

    private static byte[] quoted(String text) {
        return ("\"" + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + "\"")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
