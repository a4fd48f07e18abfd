package io.notify.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.notify.Audience;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What LOG_LEVEL=debug tells: each step of a connection under its id, and never a token. */
class DebugStoryTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.notify");
    private final Level before = logger.getLevel();
    private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> recorder = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            events.add(event);
        }
    };
    private final TestServer server = new TestServer();

    @BeforeEach
    void listen() {
        recorder.setContext(logger.getLoggerContext());
        recorder.start();
        logger.addAppender(recorder);
        logger.setLevel(Level.DEBUG);
        logger.setAdditive(false);
    }

    @AfterEach
    void close() {
        server.close();
        logger.detachAppender(recorder);
        logger.setLevel(before);
        logger.setAdditive(true);
    }

    private static Object value(ILoggingEvent event, String key) {
        return event.getKeyValuePairs() == null
                ? null
                : event.getKeyValuePairs().stream()
                        .filter(pair -> pair.key.equals(key))
                        .map(pair -> pair.value)
                        .findFirst()
                        .orElse(null);
    }

    private List<String> story(String key, Object value) {
        return events.stream()
                .filter(event -> value.equals(value(event, key)))
                .map(ILoggingEvent::getMessage)
                .toList();
    }

    @Test
    void aConnectionIsFollowedByItsIdFromOpeningToItsEnd() {
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header("Authorization", "Bearer " + TestServer.token("story-ann", "CUSTOMER"))
                .buildAsync(
                        URI.create(server.url().replace("http", "ws") + "/ws/notifications"),
                        new WebSocket.Listener() {})
                .join();
        socket.sendText("{\"event\":\"joinRoom\",\"data\":\"user:other\"}", true)
                .join();
        await().until(() -> events.stream().anyMatch(e -> e.getMessage().equals("an event was refused")));
        server.service.send(Audience.user("story-ann"), "booking.created", Map.of());
        await().until(() -> story("audience", "user:story-ann").contains("delivered"));
        socket.abort();
        await().until(() -> events.stream().anyMatch(e -> e.getMessage().equals("a connection closed")));

        String id = events.stream()
                .filter(e -> e.getMessage().equals("a connection opened"))
                .map(e -> String.valueOf(value(e, "connection")))
                .findFirst()
                .orElseThrow();
        assertThat(story("connection", id))
                .containsExactly(
                        "a connection opened", "a client sent an event", "an event was refused", "a connection closed");
        assertThat(story("user", "story-ann"))
                .containsExactly("a token was accepted", "a connection opened", "a connection closed");
        assertThat(story("status", 101)).containsExactly("a request was answered");
        assertThat(events).extracting(ILoggingEvent::getMessage).contains("committed");
    }

    @Test
    void aRefusedTokenIsToldByItsReasonAndNeverShown() {
        String canary = "canary-" + TestServer.token("ann");

        server.get("/notifications/sse?token=" + canary, null);
        server.get("/notifications", canary);

        assertThat(story("reason", io.notify.AuthenticationException.Reason.MALFORMED))
                .hasSize(2)
                .containsOnly("a token was refused");
        assertThat(events).allSatisfy(event -> {
            assertThat(event.getFormattedMessage()).doesNotContain("canary");
            assertThat(String.valueOf(event.getKeyValuePairs())).doesNotContain("canary");
        });
    }
}
