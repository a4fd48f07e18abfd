package io.notify.netty.engineio;

import java.nio.charset.StandardCharsets;

/** Lets tests of other packages see what a packet says. */
public final class Encodings {
    private Encodings() {}

    public static String polling(EncodedPacket packet) {
        return new String(packet.pollingBytes(), StandardCharsets.UTF_8);
    }
}
