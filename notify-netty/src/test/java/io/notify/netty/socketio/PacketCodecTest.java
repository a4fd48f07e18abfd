package io.notify.netty.socketio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.notify.netty.engineio.MalformedPacketException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PacketCodecTest {
    private final PacketDecoder decoder = new PacketDecoder();
    private final PacketAssembler assembler = new PacketAssembler(decoder, 1_000_000);
    private final PacketEncoder encoder = new PacketEncoder(new JsonMapper());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0|CONNECT / -1 0 {}",
                "0{\"a\":1}|CONNECT / -1 0 {\"a\":1}",
                "0/x,{\"a\":1}|CONNECT /x -1 0 {\"a\":1}",
                "0/x|CONNECT /x -1 0 {}",
                "0/x,|CONNECT /x -1 0 {}",
                "1|DISCONNECT / -1 0 ",
                "1/x|DISCONNECT /x -1 0 ",
                "2[\"e\"]|EVENT / -1 0 [\"e\"]",
                "2/x,12[\"e\",null]|EVENT /x 12 0 [\"e\",null]",
                "2[\"e\",{\"_placeholder\":true,\"num\":7}]|EVENT / -1 0 [\"e\",{\"_placeholder\":true,\"num\":7}]",
                "30[]|ACK / 0 0 []",
                "3/x,999999999999999[1]|ACK /x 999999999999999 0 [1]",
                "510-[\"e\"]|BINARY_EVENT / -1 10 [\"e\"]",
                "51-/x,1[\"e\"]|BINARY_EVENT /x 1 1 [\"e\"]",
                "60-0[]|BINARY_ACK / 0 0 []"
            })
    void readsPackets(String text, String expected) throws MalformedPacketException {
        SocketPacket packet = decoder.decode(text);

        assertThat(packet.type() + " " + packet.namespace() + " " + packet.ackId() + " " + packet.attachments() + " "
                        + packet.data())
                .isEqualTo(expected == null ? "" : expected + (expected.endsWith("0") ? " " : ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "7",
                "999",
                "/",
                "abc",
                "51832742252-[\"a\"]",
                "511-[\"a\"]",
                "5-[\"a\"]",
                "51[\"a\"]",
                "51.23-",
                "5-1-[\"a\"]",
                "510",
                "5",
                "599999999999999999999-",
                "0[]",
                "0\"a\"",
                "0null",
                "01{}",
                "0 {}x",
                "0{\"a\":1}{}",
                "1{}",
                "11",
                "1/x,[]",
                "2",
                "2{}",
                "2[]",
                "2\"a\"",
                "2null",
                "2[1]",
                "2[null]",
                "2[{\"toString\":\"foo\"}]",
                "2[[\"a\"]]",
                "2[\"connect\"]",
                "2[\"connect_error\"]",
                "2[\"disconnect\"]",
                "2[\"disconnecting\"]",
                "2[\"newListener\"]",
                "2[\"removeListener\"]",
                "2abc[\"a\"]",
                "21234567890123456[\"a\"]",
                "2-1[\"a\"]",
                "2[\"a\"",
                "2[\"a\"]]",
                "2[\"a\",]",
                "2[\"a\",NaN]",
                "2['a']",
                "2[\"a\",1e9999]",
                "3[]",
                "31{}",
                "31",
                "4",
                "4{\"message\":\"a\"}",
                "2[\"a\",{\"b\":1,\"b\":2}]",
                "0{\"b\":1,\"b\":2}",
                "2[\"a\",\"\\ud800\"]",
                "2[\"a\",\"\\udc00x\"]",
                "2[\"a\",{\"\\ud800\":1}]",
                "2[\"\\ud800\\ud800\"]"
            })
    void refusesWhatIsNoPacket(String text) {
        assertThatThrownBy(() -> decoder.decode(text)).isInstanceOf(MalformedPacketException.class);
    }

    @Test
    void refusesDepthAndDigitsBeyondTheLimitsWithoutAnOverflow() throws MalformedPacketException {
        decoder.decode("2[\"a\"," + "[".repeat(63) + "]".repeat(63) + "]");
        decoder.decode("2[\"a\"," + "9".repeat(1000) + "]");
        for (String text : List.of(
                "2[\"a\"," + "[".repeat(65) + "]".repeat(65) + "]",
                "2[\"a\"," + "[".repeat(100_000) + "]".repeat(100_000) + "]",
                "2[\"a\"," + "{\"a\":".repeat(100_000),
                "2[\"a\"," + "9".repeat(1001) + "]",
                "2[\"a\"," + "9".repeat(1_000_000) + "]",
                "0/" + "x".repeat(256))) {
            assertThatThrownBy(() -> decoder.decode(text)).isInstanceOf(MalformedPacketException.class);
        }
    }

    @Test
    void readsStringsOfAnyLengthAndPairedSurrogates() throws MalformedPacketException {
        String text = "x".repeat(30_000_000);
        assertThat(decoder.decode("2[\"" + text + "\"]").data().path(0).textValue())
                .hasSize(30_000_000);
        assertThat(decoder.decode("2[\"\\ud83d\\ude00\"]").data().path(0).textValue())
                .isEqualTo("\uD83D\uDE00");
    }

    @Test
    void putsAttachmentsWhereTheirPlaceholdersAre() throws MalformedPacketException {
        assertThat(assembler.text(
                        "52-/x,7[\"e\",{\"_placeholder\":true,\"num\":1},{\"a\":[{\"num\":0,\"_placeholder\":true}]}]"))
                .isNull();
        assertThat(assembler.binary(new byte[] {1})).isNull();
        SocketPacket packet = assembler.binary(new byte[] {2});

        assertThat(packet.ackId()).isEqualTo(7);
        assertThat(packet.data().path(1).isBinary()).isTrue();
        assertThat(packet.data().path(1)).hasToString("\"Ag==\"");
        assertThat(packet.data().path(2).path("a").path(0)).hasToString("\"AQ==\"");
        assertThat(assembler.text("2[\"next\"]")).isNotNull();
        assertThat(assembler.text("50-[\"none\"]")).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"0\"", "-1", "1", "0.5", "null", "99999999999", "true", "{}"})
    void refusesPlaceholdersOfNoAttachmentBeforeItWaits(String index) throws MalformedPacketException {
        assertThatThrownBy(() -> assembler.text("51-[\"e\",{\"a\":[{\"_placeholder\":true,\"num\":" + index + "}]}]"))
                .isInstanceOf(MalformedPacketException.class);
        assertThatThrownBy(() -> assembler.text("51-[\"e\",{\"_placeholder\":true}]"))
                .isInstanceOf(MalformedPacketException.class);
        assertThat(assembler.text("2[\"nothing is waited for\"]")).isNotNull();
    }

    @Test
    void refusesTextAmidAttachmentsAndBinaryFromNowhere() throws MalformedPacketException {
        assertThatThrownBy(() -> assembler.binary(new byte[1])).isInstanceOf(MalformedPacketException.class);
        assembler.text("52-[\"e\"]");
        assembler.binary(new byte[1]);
        assertThatThrownBy(() -> assembler.text("2[\"e\"]")).isInstanceOf(MalformedPacketException.class);
    }

    @Test
    void writesEventsAndAcknowledgements() {
        assertThat(text(encoder.event("/", -1, encoder.arguments("e", 1, "2", null, Map.of("3", List.of(true))))))
                .containsExactly("42[\"e\",1,\"2\",null,{\"3\":[true]}]");
        assertThat(text(encoder.event("/x", 12, encoder.arguments("e")))).containsExactly("42/x,12[\"e\"]");
        assertThat(text(encoder.acknowledgement("/", 3, encoder.arguments()))).containsExactly("433[]");
        assertThat(text(List.of(PacketEncoder.event("/x", "[\"e\"]".getBytes(UTF_8)))))
                .containsExactly("42/x,[\"e\"]");
        assertThat(text(List.of(PacketEncoder.acknowledgement("/", 5, "[1]".getBytes(UTF_8)))))
                .containsExactly("435[1]");
    }

    @Test
    void writesBinaryWhereverItIsAndLeavesTheTreeAlone() {
        ArrayNode arguments = encoder.arguments(
                "e", new byte[] {1, 2}, Map.of("a", ByteBuffer.wrap(new byte[] {3})), List.of(new byte[] {4}));
        String before = arguments.toString();

        assertThat(text(encoder.event("/x", 1, arguments)))
                .containsExactly(
                        "453-/x,1[\"e\",{\"_placeholder\":true,\"num\":0},{\"a\":{\"_placeholder\":true,\"num\":1}},[{\"_placeholder\":true,\"num\":2}]]",
                        "bAQI=",
                        "bAw==",
                        "bBA==");
        assertThat(arguments).hasToString(before);
        assertThat(text(encoder.acknowledgement("/", 2, encoder.arguments(new byte[] {1}))))
                .containsExactly("461-2[{\"_placeholder\":true,\"num\":0}]", "bAQ==");
    }

    @Test
    void whatIsWrittenIsReadAsItWas() throws MalformedPacketException {
        for (Object argument :
                Arrays.asList(1, -2.5, "gr\u00fc\u00dfe \uD83D\uDE00", true, null, Map.of("a", List.of(1)))) {
            String text = text(encoder.event("/n", 4, encoder.arguments("e", argument)))
                    .get(0)
                    .substring(1);
            assertThat(decoder.decode(text).data().path(1))
                    .hasToString(new JsonMapper().valueToTree(argument).toString());
        }
    }

    @Test
    void neverWritesReservedNames() {
        assertThatThrownBy(() -> encoder.arguments("disconnect"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("event: disconnect is reserved by Socket.IO");
    }

    @Test
    void writesConnectRepliesAndErrorsAsObjects() {
        assertThat(text(List.of(PacketEncoder.connected("/", "id", null)))).containsExactly("40{\"sid\":\"id\"}");
        assertThat(text(List.of(PacketEncoder.connected("/", "id", "a\"b"))))
                .containsExactly("40{\"sid\":\"id\",\"pid\":\"a\\\"b\"}");
        assertThat(text(List.of(PacketEncoder.connected("/x", "id", "p"))))
                .containsExactly("40/x,{\"sid\":\"id\",\"pid\":\"p\"}");
        assertThat(text(List.of(encoder.refused("/random", ConnectError.INVALID_NAMESPACE))))
                .containsExactly("44/random,{\"message\":\"Invalid namespace\"}");
        assertThat(text(List.of(encoder.refused("/", ConnectError.of("No token", "UNAUTHORIZED")))))
                .containsExactly("44{\"message\":\"No token\",\"data\":{\"code\":\"UNAUTHORIZED\"}}");
        assertThat(text(List.of(PacketEncoder.disconnected("/")))).containsExactly("41");
        assertThat(JsonNodeFactory.instance.objectNode()).isEmpty();
    }

    private static List<String> text(List<io.notify.netty.engineio.EncodedPacket> packets) {
        return packets.stream().map(io.notify.netty.engineio.Encodings::polling).toList();
    }
}
