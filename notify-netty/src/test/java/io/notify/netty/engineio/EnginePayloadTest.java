package io.notify.netty.engineio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EnginePayloadTest {
    @Test
    void readsEveryPacketOfABody() throws MalformedPacketException {
        List<EnginePacket> packets = EnginePayload.decodeBody("4h\u00e9\u001e3\u001ebAQIDBA==\u001e4".getBytes(UTF_8));

        assertThat(packets).hasSize(4);
        assertThat(packets.get(0)).isEqualTo(new EnginePacket.Text(EnginePacket.Type.MESSAGE, "h\u00e9"));
        assertThat(packets.get(1)).isEqualTo(new EnginePacket.Text(EnginePacket.Type.PONG, ""));
        assertThat(((EnginePacket.Binary) packets.get(2)).data()).containsExactly(1, 2, 3, 4);
        assertThat(packets.get(3)).isEqualTo(new EnginePacket.Text(EnginePacket.Type.MESSAGE, ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "abc", "7", "/", ":", "4a\u001e", "\u001e4a", "b!", "bA", "4a\u001ebAQ=D", " 4", "\u0664"})
    void refusesWhatIsNoPacket(String body) {
        assertThatThrownBy(() -> EnginePayload.decodeBody(body.getBytes(UTF_8)))
                .isInstanceOf(MalformedPacketException.class);
    }

    @Test
    void readsBase64WithLineBreaks() throws MalformedPacketException {
        EnginePacket packet =
                EnginePayload.decodeBody("bAQID\nBA==\n".getBytes(UTF_8)).get(0);
        assertThat(((EnginePacket.Binary) packet).data()).containsExactly(1, 2, 3, 4);
    }

    @Test
    void refusesBytesThatAreNotUtf8() {
        assertThatThrownBy(() -> EnginePayload.decodeBody(new byte[] {'4', (byte) 0xff}))
                .isInstanceOf(MalformedPacketException.class);
    }

    @Test
    void joinsPacketsUpToTheSizeAimedAt() {
        ArrayDeque<EncodedPacket> queue = new ArrayDeque<>();
        queue.add(EncodedPacket.message("a".getBytes(UTF_8)));
        queue.add(EncodedPacket.binary(new byte[] {1, 2, 3, 4}));
        queue.add(EncodedPacket.message("12345".getBytes(UTF_8), "67890".getBytes(UTF_8)));

        assertThat(EnginePayload.encodeBody(queue, 12)).asString(UTF_8).isEqualTo("4a\u001ebAQIDBA==");
        assertThat(EnginePayload.encodeBody(queue, 1)).asString(UTF_8).isEqualTo("41234567890");
        assertThat(queue).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 124, 125, 126, 65_534, 65_535, 70_000})
    void onePacketServesPollingAndWebSocket(int length) {
        byte[] payload = "x".repeat(length).getBytes(UTF_8);
        EncodedPacket text = EncodedPacket.message(payload);
        EncodedPacket binary = EncodedPacket.binary(payload);

        assertThat(text.pollingBytes()).asString(UTF_8).isEqualTo("4" + "x".repeat(length));
        assertThat(text.pollingLength()).isEqualTo(length + 1);
        assertThat(text.frame()[0]).isEqualTo((byte) 0x81);
        assertThat(text.frame()).hasSize(text.length()).endsWith(text.pollingBytes());
        assertThat(binary.pollingBytes()).hasSize(binary.pollingLength());
        assertThat(binary.frame()[0]).isEqualTo((byte) 0x82);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "GET,4,polling,-,false,Open[webSocket=false]",
                "GET,4,websocket,-,true,Open[webSocket=true]",
                "GET,4,polling,x,false,Poll[sid=x]",
                "POST,4,polling,x,false,Push[sid=x]",
                "GET,4,websocket,x,true,Upgrade[sid=x]",
                "GET,3,polling,-,false,Refused[error=UNSUPPORTED_VERSION]",
                "GET,-,polling,-,false,Refused[error=UNSUPPORTED_VERSION]",
                "GET,abc,websocket,-,true,Refused[error=UNSUPPORTED_VERSION]",
                "GET,4,__proto__,-,false,Refused[error=TRANSPORT_UNKNOWN]",
                "GET,4,-,-,false,Refused[error=TRANSPORT_UNKNOWN]",
                "GET,4,-,-,true,Refused[error=TRANSPORT_UNKNOWN]",
                "POST,4,polling,-,false,Refused[error=BAD_HANDSHAKE_METHOD]",
                "PUT,4,polling,-,false,Refused[error=BAD_HANDSHAKE_METHOD]",
                "PUT,4,polling,x,false,Refused[error=BAD_REQUEST]",
                "GET,4,websocket,-,false,Refused[error=BAD_REQUEST]",
                "GET,4,websocket,x,false,Refused[error=BAD_REQUEST]",
                "GET,4,polling,x,true,Refused[error=BAD_REQUEST]",
            })
    void readsRequestsInTheOrderOfTheReference(
            String method, String version, String transport, String sid, boolean upgrade, String expected) {
        Map<String, List<String>> query = new java.util.HashMap<>();
        put(query, "EIO", version);
        put(query, "transport", transport);
        put(query, "sid", sid);

        assertThat(EngineRequest.of(method, query, upgrade)).hasToString(expected);
    }

    @Test
    void refusesParametersGivenTwiceAndJsonp() {
        assertThat(EngineRequest.of("GET", Map.of("EIO", List.of("4", "4"), "transport", List.of("polling")), false))
                .hasToString("Refused[error=BAD_REQUEST]");
        assertThat(EngineRequest.of(
                        "GET",
                        Map.of("EIO", List.of("4"), "transport", List.of("polling"), "j", List.of("abc")),
                        false))
                .hasToString("Refused[error=BAD_REQUEST]");
    }

    private static void put(Map<String, List<String>> query, String name, String value) {
        if (value != null) {
            query.put(name, List.of(value));
        }
    }
}
