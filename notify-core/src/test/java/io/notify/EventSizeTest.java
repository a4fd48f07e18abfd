package io.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.BinaryNode;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventSizeTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "1.5",
                "\"\"",
                "\"abc\"",
                "\"\u00fc\u20ac\ud83d\ude00\"",
                "{}",
                "[]",
                "[1,[2,[]],{}]",
                "{\"a\":1,\"\u00e4\":[true,null],\"b\":{\"c\":\"d\"}}"
            })
    void theSizeIsThatOfTheTextInUtf8(String json) throws Exception {
        int bytes = json.getBytes(StandardCharsets.UTF_8).length;

        assertThat(EventSize.exceeds(new ObjectMapper().readTree(json), bytes)).isFalse();
        assertThat(EventSize.exceeds(new ObjectMapper().readTree(json), bytes - 1))
                .isTrue();
    }

    @Test
    void anAttachmentCountsAsItsBytes() {
        assertThat(EventSize.exceeds(BinaryNode.valueOf(new byte[300]), 300)).isFalse();
        assertThat(EventSize.exceeds(BinaryNode.valueOf(new byte[300]), 299)).isTrue();
    }
}
