package io.asynchat.demo.chat.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerAddressTest {

    @ParameterizedTest
    @CsvSource({
        "chat.example:7, chat.example, 7, chat.example:7",
        "127.0.0.1, 127.0.0.1, 5005, 127.0.0.1:5005",
        "[::1]:80, ::1, 80, [::1]:80",
        "[::1], ::1, 5005, [::1]:5005",
    })
    void addressIsAHostAndPerhapsAPort(String text, String host, int port, String shown) {
        assertThat(ServerAddress.of(text))
                .isEqualTo(new ServerAddress(host, port))
                .hasToString(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":5005", "a:", "a:0", "a:65536", "a:99999", "a:b", "a:1:2", "::1", "[::1", "[a]b:1"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> ServerAddress.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: HOST:PORT");
    }
}
