package io.asynchat.demo.chat.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientMessageTest {
    @Test
    void fieldsAreRead() {
        String json =
                "{\"t\":\"hello\",\"v\":1,\"client\":\"c\",\"resume\":{\"token\":\"k\",\"after\":\"1-2-3\"},\"new\":[1,{}]}";
        assertThat(ClientMessage.parse(json)).isEqualTo(new ClientMessage("hello", 1, "c", "k", "1-2-3", "", 0, ""));
        assertThat(ClientMessage.parse(" {\"t\":\"line\",\"n\":9007199254740991,\"text\":\"\\ud83d\\ude00\"} "))
                .isEqualTo(new ClientMessage("line", 0, "", "", "", "", 9007199254740991L, "😀"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "\"hello\"",
                "{",
                "{}{}",
                "{}x",
                "{t:\"line\"}",
                "{'t':'line'}",
                "{\"t\":\"line\",}",
                "{\"t\":\"line\"/* */}",
                "{\"t\":\"line\";\"n\":1}",
                "{\"t\":\"line\",\"t\":\"login\"}",
                "{\"t\":1}",
                "{\"t\":null,\"n\":\"1\"}",
                "{\"n\":1.5}",
                "{\"n\":-1}",
                "{\"n\":9007199254740992}",
                "{\"n\":1e400}",
                "{\"n\":NaN}",
                "{\"n\":true,\"n\":1,\"n\":2}",
                "{\"resume\":{\"a\":{\"b\":{\"c\":{}}}}}",
                "{\"new\":[[[[]]]]}",
                "{\"text\":\"a\nb\"}",
            })
    void otherFormsAreRefused(String json) {
        assertThatThrownBy(() -> ClientMessage.parse(json))
                .isInstanceOfSatisfying(
                        WebSocketException.class,
                        refused -> assertThat(refused.code()).isEqualTo(CloseCode.POLICY_VIOLATION));
    }
}
