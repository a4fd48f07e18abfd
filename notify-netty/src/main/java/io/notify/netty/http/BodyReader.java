package io.notify.netty.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;

/**
 * Collects the body of one request. Never holds more than its bound. Exists only while a body is being read. Event loop
 * only.
 */
final class BodyReader {
    private final int maxBytes;
    private final Consumer<byte[]> consumer;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream(256);

    BodyReader(int maxBytes, Consumer<byte[]> consumer) {
        this.maxBytes = maxBytes;
        this.consumer = consumer;
    }

    int maxBytes() {
        return maxBytes;
    }

    /**
     * Appends a part of the body.
     *
     * @return false if the body would exceed its bound; nothing is appended then
     */
    boolean append(ByteBuf content) {
        if (received.size() + content.readableBytes() > maxBytes) {
            return false;
        }
        received.writeBytes(ByteBufUtil.getBytes(content));
        return true;
    }

    /** Passes the whole body to the consumer. */
    void complete() {
        consumer.accept(received.toByteArray());
    }
}
