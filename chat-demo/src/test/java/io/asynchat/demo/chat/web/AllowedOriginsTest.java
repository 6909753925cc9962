package io.asynchat.demo.chat.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllowedOriginsTest {
    private final AllowedOrigins origins =
            new AllowedOrigins(false, List.of("https://Chat.example.org", "http://other.example:8080"));

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:5006, true",
        "127.0.0.1, true",
        "[::1]:5006, true",
        "[::1], true",
        "192.0.2.7:5006, true",
        "localhost:5006, true",
        "LOCALHOST, true",
        "chat.example.org, true",
        "other.example:8080, true",
        "other.example, false", // which would be another port
        "chat.example.org:5006, false",
        "evil.example, false",
        "evil.example:5006, false",
        "127.0.0.1.evil.example, false",
        "localhost.evil.example, false",
        "1.2.3, false",
        "2130706433, false", // a browser sends it as four numbers
        "[::1].evil.example, false",
        "'', false",
        ", false",
    })
    void pageIsLoadedByAddressLocalhostOrAnOriginsHost(String host, boolean allowed) {
        assertThat(origins.isHostAllowed(host)).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:5006, http://127.0.0.1:5006, true",
        "127.0.0.1:5006, HTTP://127.0.0.1:5006, true",
        "127.0.0.1:5006, , true", // no browser
        "127.0.0.1:5006, https://chat.example.org, true",
        "chat.example.org, https://chat.example.org, true",
        "127.0.0.1:5006, https://127.0.0.1:5006, false", // this server has no TLS
        "127.0.0.1:5006, http://127.0.0.1:5007, false",
        "127.0.0.1:5006, http://localhost:5006, false",
        "127.0.0.1:5006, http://evil.example, false",
        "127.0.0.1:5006, null, false", // a sandboxed frame, or a file
        "127.0.0.1:5006, '', false",
        "127.0.0.1:5006, http://127.0.0.1:5006.evil.example, false",
    })
    void pageConnectsFromWhereItWasLoadedOrFromAnOrigin(String host, String origin, boolean allowed) {
        assertThat(origins.isOriginAllowed(origin, host)).isEqualTo(allowed);
    }
}
