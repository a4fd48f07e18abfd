package io.notify.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {
    private final StrictJson json = StrictJson.create();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "true",
                "\"\"",
                " [1, -2.5, 3e2, {\"a\": {\"b\": [null, false]}, \"c\": \"\\u00e9\\n\"}] ",
                "{\"a\":{\"x\":1},\"b\":{\"x\":1}}",
                "\"\\ud83d\\ude00 😀\"",
                "9223372036854775808"
            })
    void whatIsJsonIsRead(String text) throws Exception {
        JsonNode expected = new com.fasterxml.jackson.databind.ObjectMapper()
                .enable(com.fasterxml.jackson.databind.DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .readTree(text);

        assertThat(json.parse(text).toString()).isEqualTo(expected.toString());
        assertThat(json.parse(text.getBytes(UTF_8)).toString()).isEqualTo(expected.toString());
    }

    @Test
    void fractionsKeepEveryDigit() {
        JsonNode number = json.parse("3.14159265358979323846264338327950288000");

        assertThat(number.decimalValue()).isEqualTo(new BigDecimal("3.14159265358979323846264338327950288000"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"key7\":1,\"key7\":2}", "[{\"a\":{\"key7\":1,\"b\":2,\"key\\u0037\":null}}]"})
    void doubledKeysAreRefused(String text) {
        refused(text, "a doubled key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\\ud800\"", "\"\\udc00x\"", "\"\\ud800\\ud800\\udc00\"", "[\"a\\ud83d\", \"\\ude00\"]"})
    void loneSurrogatesInEscapesAreRefused(String text) {
        refused(text, "a lone surrogate");
    }

    @Test
    void loneSurrogatesInNamesAreRefused() {
        // Jackson's own reader of UTF-8 finds these itself, and calls them malformed
        refused("{\"\\uDFFF\":1}", "");
        refused("{\"a\\ud800\":1}", "");
    }

    @Test
    void loneSurrogatesInTextAreRefused() {
        refusedText("\"" + (char) 0xD800 + "\"", "a lone surrogate");
    }

    @Test
    void sixtyFourLevelsAreReadAndOneMoreIsNot() {
        String deep = "[".repeat(64) + "]".repeat(64);

        assertThat(json.parse(deep).isArray()).isTrue();
        refused("[" + deep + "]", "deeper than 64 levels");
    }

    @Test
    void aHundredThousandLevelsAreRefusedWithoutAStackOverflow() {
        refused("[".repeat(100_000) + "]".repeat(100_000), "deeper than 64 levels");
        refused("{\"a\":".repeat(100_000) + "1" + "}".repeat(100_000), "deeper than 64 levels");
        refused("[".repeat(100_000), "deeper than 64 levels");
    }

    @Test
    void aThousandDigitsAreReadAndOneMoreIsNot() {
        assertThat(json.parse("9".repeat(1_000)).bigIntegerValue()).hasToString("9".repeat(1_000));
        refused("9".repeat(1_001), "a number of more than 1000 digits");
        refused("-" + "9".repeat(1_000_000), "a number of more than 1000 digits");
        refused("0." + "1".repeat(1_001), "a number of more than 1000 digits");
        refused("[1" + "0".repeat(1_000_000) + ".5]", "a number of more than 1000 digits");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1e1001", "1e-1001", "1e100000000", "-1e-2147483647", "1e2147483648", "1e99999999999999999999"})
    void exponentsAreRefusedThatTakeMoreDigitsToWriteOut(String text) {
        refused(text, "a number of more than 1000 digits");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{} {}", "1 2", "[]]", "{}x", "null,"})
    void textAfterTheValueIsRefused(String text) {
        refused(text, "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[1,]",
                "{\"a\":}",
                "{'a':1}",
                "{a:1}",
                "nul",
                "NaN",
                "+1",
                "01",
                "1.",
                "// x\n1",
                "\"\t\"",
                "\"\\x\"",
                "\"open",
                "[1",
                "\u0000",
                "\uFEFF{}"
            })
    void whatIsNotJsonIsRefused(String text) {
        refused(text, "");
    }

    @Test
    void theMessageNeverHoldsTheText() {
        for (String text : List.of(
                "{\"canary\":canary}", "canary", "\"canary\\xcanary\"", "{\"canary\":1,\"canary\":2}", "{} canary")) {
            assertThatExceptionOfType(MalformedJsonException.class)
                    .isThrownBy(() -> json.parse(text.getBytes(UTF_8)))
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain("canary"))
                    .withNoCause();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "22c322", // cut short
                "22c0af22", // overlong
                "22e080af22",
                "22f08080af22",
                "22eda08022", // a surrogate, encoded
                "22eda081edb08022", // a pair of them
                "22f490808022", // beyond U+10FFFF
                "22ff22",
                "228022",
                "22e28222",
                "e282",
                "22f09f98"
            })
    void bytesThatAreNotUtf8AreRefused(String hex) {
        byte[] bytes = java.util.HexFormat.of().parseHex(hex);

        assertThatExceptionOfType(MalformedJsonException.class).isThrownBy(() -> json.parse(bytes));
    }

    @Test
    void otherEncodingsAreRefused() {
        for (String charset : List.of("UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE")) {
            for (String text : List.of("{}", "1", "\"\u4e2d\"")) {
                byte[] bytes = text.getBytes(Charset.forName(charset));
                assertThatExceptionOfType(MalformedJsonException.class)
                        .as(charset + " " + text)
                        .isThrownBy(() -> json.parse(bytes));
            }
        }
    }

    @Test
    void aKeptObjectIsItsTextByteForByte() {
        String data = "{ \"b\" : 1.50, \"a\":\"\\u00e9 é 😀\",\n \"c\":[{ }], \"data\" : { \"x\":1 } }";
        byte[] body = ("{ \"é\":\"😀\", \"data\" :\r\n " + data + "  , \"event\":\"e\"}").getBytes(UTF_8);

        StrictJson.Kept kept = json.parseKeeping(body, "data");

        JsonNode node = kept.root().path("data");
        assertThat(text(kept, node)).isEqualTo(data);
        assertThat(node.path("b").decimalValue()).isEqualTo("1.50");
        assertThat(kept.text(node.path("data"))).as("it is inside a kept one").isNull();
        assertThat(kept.text(kept.root())).isNull();
    }

    @Test
    void everyElementOfABatchKeepsItsOwn() {
        byte[] body =
                "{\"notifications\":[{\"data\":{\"n\":1}},{\"data\": {\"n\":1} },{\"data\":7},{}]}".getBytes(UTF_8);

        StrictJson.Kept kept = json.parseKeeping(body, "data");

        JsonNode items = kept.root().path("notifications");
        assertThat(text(kept, items.path(0).path("data"))).isEqualTo("{\"n\":1}");
        assertThat(text(kept, items.path(1).path("data"))).isEqualTo("{\"n\":1}");
        assertThat(kept.text(items.path(2).path("data"))).isNull();
        assertThat(kept.text(items.path(3).path("data"))).isNull();
    }

    @Test
    void onlyObjectsThatAreTheFieldsOwnValueAreKept() {
        byte[] body = "{\"data\":[{\"a\":1}],\"other\":{\"a\":1}}".getBytes(UTF_8);

        StrictJson.Kept kept = json.parseKeeping(body, "data");

        assertThat(kept.text(kept.root().path("data"))).isNull();
        assertThat(kept.text(kept.root().path("data").path(0))).isNull();
        assertThat(kept.text(kept.root().path("other"))).isNull();
    }

    @Test
    void largeBodiesKeepTheirText() {
        String data = "{\"s\":\"" + "é".repeat(200_000) + "\",\"n\":[" + "1,".repeat(50_000) + "1]}";
        byte[] body = ("{\"pad\":\"" + "x".repeat(100_000) + "\",\"data\":" + data + "}").getBytes(UTF_8);

        StrictJson.Kept kept = json.parseKeeping(body, "data");

        assertThat(text(kept, kept.root().path("data"))).isEqualTo(data);
    }

    @Test
    void whatIsKeptIsCheckedLikeTheRest() {
        for (String data : List.of("{\"a\":1,\"a\":1}", "{\"a\":\"\\ud800\"}", "{\"a\":1e5000}", "{\"a\":}")) {
            byte[] body = ("{\"data\":" + data + "}").getBytes(UTF_8);
            assertThatExceptionOfType(MalformedJsonException.class).isThrownBy(() -> json.parseKeeping(body, "data"));
        }
        byte[] latin1 = "{\"data\":{\"a\":\"\u00e9\"}}".getBytes(ISO_8859_1);
        assertThatExceptionOfType(MalformedJsonException.class).isThrownBy(() -> json.parseKeeping(latin1, "data"));
    }

    private static String text(StrictJson.Kept kept, JsonNode node) {
        return new String(kept.text(node).utf8(), UTF_8);
    }

    private void refused(String text, String reason) {
        refusedText(text, reason);
        assertThatExceptionOfType(MalformedJsonException.class)
                .isThrownBy(() -> json.parse(text.getBytes(UTF_8)))
                .withMessageContaining(reason);
    }

    private void refusedText(String text, String reason) {
        assertThatExceptionOfType(MalformedJsonException.class)
                .isThrownBy(() -> json.parse(text))
                .withMessageContaining(reason);
    }
}
