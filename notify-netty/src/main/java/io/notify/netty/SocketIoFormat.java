package io.notify.netty;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.notify.OutboundEvent;
import io.notify.WireFormat;
import io.notify.netty.engineio.EncodedPacket;
import io.notify.netty.socketio.PacketEncoder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Encodes events for the clients of one namespace. The last argument is always the position, because the official client
 * uses the last string argument as its recovery offset.
 */
final class SocketIoFormat implements WireFormat<EncodedPacket> {
    private final String namespace;

    SocketIoFormat(String namespace) {
        this.namespace = namespace;
    }

    @Override
    public EncodedPacket encode(OutboundEvent event) {
        ByteArrayOutputStream arguments = new ByteArrayOutputStream(event.data().length + 96);
        arguments.writeBytes(
                utf8("[\"" + new String(JsonStringEncoder.getInstance().quoteAsString(event.name())) + "\","));
        arguments.writeBytes(event.data());
        arguments.writeBytes(utf8(",\"" + event.position() + "\"]"));
        return PacketEncoder.event(namespace, arguments.toByteArray());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
