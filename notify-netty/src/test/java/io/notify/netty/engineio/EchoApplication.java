package io.notify.netty.engineio;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Sends every message back. */
public final class EchoApplication implements EngineApplication {
    final BlockingQueue<EngineSession> opened = new LinkedBlockingQueue<>();
    final BlockingQueue<EngineHandshake> handshakes = new LinkedBlockingQueue<>();
    final BlockingQueue<EngineCloseReason> closed = new LinkedBlockingQueue<>();
    final BlockingQueue<String> woken = new LinkedBlockingQueue<>();

    @Override
    public EngineListener open(EngineSession session, EngineHandshake handshake) {
        opened.add(session);
        handshakes.add(handshake);
        return new EngineListener() {
            @Override
            public void onText(String text) {
                session.offer(EncodedPacket.message(text.getBytes(StandardCharsets.UTF_8)));
            }

            @Override
            public void onBinary(byte[] bytes) {
                session.offer(EncodedPacket.binary(bytes));
            }

            @Override
            public void onWake() {
                woken.add(session.sid());
            }

            @Override
            public void onClose(EngineCloseReason reason) {
                closed.add(reason);
            }
        };
    }
}
