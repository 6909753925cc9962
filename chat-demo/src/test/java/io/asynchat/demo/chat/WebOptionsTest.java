package io.asynchat.demo.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class WebOptionsTest {
    private final WebOptions.OriginConverter converter = new WebOptions.OriginConverter();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://chat.example.org",
                "http://localhost:8080",
                "https://[2001:db8::1]:8443",
                "https://192.0.2.7"
            })
    void originIsTakenAsItIs(String origin) {
        assertThat(converter.convert(origin)).isEqualTo(origin);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "chat.example.org",
                "https://chat.example.org/",
                "https://chat.example.org/talk",
                "https://chat.example.org?x",
                "ftp://chat.example.org",
                "https://a@chat.example.org",
                "https://",
                "https://a b",
                "null",
                "*",
                "",
            })
    void otherTextIsRefusedByAMessageThatSaysWhatWasExpected(String origin) {
        assertThatThrownBy(() -> converter.convert(origin))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("'" + origin + "' (expected: an origin such as https://chat.example.org)");
    }
}
