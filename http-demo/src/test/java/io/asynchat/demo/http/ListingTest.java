package io.asynchat.demo.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListingTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1, 1 B",
        "999, 999 B",
        "1000, 1.0 KiB",
        "1024, 1.0 KiB",
        "1536, 1.5 KiB",
        "102348, 99.9 KiB",
        "102400, 100 KiB",
        "1023000, 999 KiB",
        "1024000, 1.0 MiB",
        "1048576, 1.0 MiB",
        "3000000, 2.9 MiB",
        "9223372036854775, 8.2 PiB",
    })
    void sizeHasItsUnitAndThreeDigitsAtMost(long bytes, String text) {
        assertThat(Listing.size(bytes)).isEqualTo(text);
    }
}
