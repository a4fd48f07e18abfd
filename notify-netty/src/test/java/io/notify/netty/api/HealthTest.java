package io.notify.netty.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.notify.LogUnavailableException;
import io.notify.NotificationLog;
import io.notify.netty.TestServer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class HealthTest {
    private static final String SERVICE = TestServer.token("shop", "SERVICE");
    private static final String BODY = "{\"audience\":{\"user\":\"u\"},\"event\":\"n\"}";

    /** The log in memory, which can be made to fail as one whose database is gone. */
    private static NotificationLog failing(AtomicBoolean gone) {
        NotificationLog memory = NotificationLog.inMemory();
        return (NotificationLog) Proxy.newProxyInstance(
                HealthTest.class.getClassLoader(),
                new Class<?>[] {NotificationLog.class},
                (proxy, method, arguments) -> {
                    if (gone.get() && method.getName().equals("isReachable")) {
                        return false;
                    }
                    if (gone.get() && method.getName().equals("append")) {
                        throw new LogUnavailableException("the database is gone", null);
                    }
                    try {
                        return method.invoke(memory, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void eachPartIsNamedWithItsFiguresAndNeedsNoToken() {
        try (TestServer server = new TestServer()) {
            JsonNode health = server.get("/health", null).json();

            assertThat(health.path("status").textValue()).isEqualTo("up");
            assertThat(health.path("draining").booleanValue()).isFalse();
            assertThat(health.path("websocket").path("connections").isInt()).isTrue();
            assertThat(health.path("sse").path("connections").isInt()).isTrue();
            assertThat(health.path("logStore").path("queuedSends").isInt()).isTrue();
            assertThat(health.path("rateLimiter").path("refusedSignIns").isInt())
                    .isTrue();
            assertThat(health.path("presence").path("sessions").isInt()).isTrue();
            assertThat(health.path("presence").path("bytes").isNumber()).isTrue();
        }
    }

    @Test
    void aServerThatDrainsIsNotReadyButAlive() throws Exception {
        try (TestServer server = new TestServer();
                var open = new io.notify.netty.http.RawClient(server.server.port())) {
            // drain takes no new connections: this one asks before and after
            assertThat(open.get("/health/ready").readAnswer()).startsWith("200 ");

            server.server.drain();

            assertThat(open.get("/health/ready").readAnswer()).startsWith("503 ");
            assertThat(open.get("/health/live").readAnswer()).startsWith("200 ");
        }
    }

    @Test
    void aServerWhoseLogCannotAcceptIsNotReadyAndIsAgainByItself() {
        AtomicBoolean gone = new AtomicBoolean();
        try (TestServer server = new TestServer(b -> b.log(failing(gone)), b -> b)) {
            assertThat(server.get("/health/ready", null).status()).isEqualTo(200);

            gone.set(true);
            assertThat(server.post("/notifications", SERVICE, BODY).status()).isEqualTo(503);

            assertThat(server.get("/health/ready", null).status()).isEqualTo(503);
            assertThat(server.get("/health/live", null).status()).isEqualTo(200);
            JsonNode health = server.get("/health", null).json();
            assertThat(health.path("status").textValue()).isEqualTo("down");
            assertThat(health.path("logStore").path("status").textValue()).isEqualTo("down");
            assertThat(health.path("sse").path("status").textValue()).isEqualTo("up");

            gone.set(false);
            await().untilAsserted(() ->
                    assertThat(server.get("/health/ready", null).status()).isEqualTo(200));
        }
    }
}
