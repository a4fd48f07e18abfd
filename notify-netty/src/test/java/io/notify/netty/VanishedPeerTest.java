package io.notify.netty;

import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.epoll.Epoll;
import io.notify.Audience;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class VanishedPeerTest {
    /** So small that the peer's kernel soon takes no more. */
    private static final int RECEIVE_BUFFER = 4_096;

    @Test
    void aStreamWhosePeerTakesNothingIsEndedThoughItHasNoPing() throws Exception {
        assumeThat(Epoll.isAvailable()).isTrue();
        try (TestServer server = new TestServer(b -> b, b -> b.ping(Duration.ofMillis(500), Duration.ofMillis(500)));
                Socket silent = new Socket()) {
            silent.setReceiveBufferSize(RECEIVE_BUFFER);
            silent.connect(new InetSocketAddress("127.0.0.1", server.server.port()));
            silent.getOutputStream()
                    .write(("GET /notifications/sse?token=" + TestServer.token("ann", "CUSTOMER")
                                    + " HTTP/1.1\r\nHost: x\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            await().until(() -> server.service.presence().stats().connections() == 1);
            // far less than what may wait for it, so it is not cut off for being slow
            for (int i = 0; i < 10; i++) {
                server.service.send(Audience.user("ann"), "note", Map.of("text", "x".repeat(50_000)));
            }
            await().atMost(Duration.ofSeconds(30))
                    .until(() ->
                            server.service.presence().stats().connections() == 0 && server.server.connections() == 0);
        }
    }
}
