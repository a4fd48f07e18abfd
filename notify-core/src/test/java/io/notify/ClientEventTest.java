package io.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ClientEventTest {
    @Test
    void namesAreFoundAsTheyStandInTheProtocol() {
        assertThat(ClientEvent.wireNames())
                .containsExactlyInAnyOrder(
                        "ping",
                        "joinRoom",
                        "leaveRoom",
                        "getPresence",
                        "updateLocation",
                        "markNotificationRead",
                        "resume",
                        "ack",
                        "refreshToken");
        assertThat(ClientEvent.find("ping")).isEqualTo(ClientEvent.PING);
        assertThat(ClientEvent.find("PING")).isNull();
    }

    @Test
    void noAnswerHasTheNameOfAnUnsolicitedEvent() {
        assertThat(ClientEvent.answerNames())
                .containsExactlyInAnyOrder(
                        "pong", "joinedRoom", "leftRoom", "presenceStats", "locationUpdated", "tokenRefreshed")
                .doesNotContainAnyElementsOf(Stream.of(ServerEvent.values())
                        .map(ServerEvent::wireName)
                        .toList());
    }
}
