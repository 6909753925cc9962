package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormTest {
    private static Map<String, String> decode(String body) {
        byte[] octets = body.getBytes(UTF_8);
        return Form.decode(octets, octets.length, 256);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name=Bob                    | Bob",
                "name=a+b%2Bc%26d%3De        | a b+c&d=e",
                "name=a=b=c                  | a=b=c",
                "name=%E6%9D%8E%e9%9b%b7     | \u674e\u96f7",
                "name=\u674e\u96f7           | \u674e\u96f7",
                "na%6de=x                    | x",
                "name=first&name=second      | first",
                "&&name=x&                   | x",
                "name=a;b                    | a;b",
                "name=%3Cb%3E                | <b>",
            })
    void valueIsDecodedOnce(String body, String name) {
        assertThat(decode(body)).containsEntry("name", name);
    }

    @Test
    void nameWithoutValueIsEmpty() {
        assertThat(decode("name")).containsEntry("name", "");
        assertThat(decode("name=&mail=")).containsEntry("name", "").containsEntry("mail", "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name=%",
                "name=%4",
                "name=%zz",
                "name=%u4f60",
                "%=%",
                "name=%ff",
                "name=%c0%af",
                "name=%ed%a0%80",
                "name=a&other=%ff",
                "name=a&name=%ff",
            })
    void invalidUtf8AndMalformedEscapesAreRejectedAnywhere(String body) {
        assertThatThrownBy(() -> decode(body)).hasMessage("INVALID_FORM");
    }

    @Test
    void fieldsAreCountedBeforeAnyIsDecoded() {
        String most = IntStream.range(0, 256).mapToObj(i -> "f" + i + "=%41").collect(Collectors.joining("&"));
        assertThat(decode(most)).hasSize(256).containsEntry("f255", "A");
        assertThatThrownBy(() -> decode(most + "&g=%zz")).hasMessage("TOO_MANY_FORM_FIELDS");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/x-www-form-urlencoded                  | true",
                "APPLICATION/X-WWW-Form-Urlencoded;charset=UTF-8    | true",
                "application/x-www-form-urlencoded; charset=\"utf-8\" | true",
                "application/x-www-form-urlencoded; a=b             | true",
                "application/x-www-form-urlencoded; charset=utf8    | true",
                "application/x-www-form-urlencoded; Charset=UTF8    | true",
                "application/x-www-form-urlencoded; charset=utf_8   | true",
                "application/x-www-form-urlencoded; charset=us-ascii | true",
                "application/x-www-form-urlencoded; charset=\"utf\\-8\" | true",
                "application/x-www-form-urlencoded;                 | true",
                "application/x-www-form-urlencoded;; charset=utf-8; | true",
                "application/x-www-form-urlencoded; a=\";charset=gbk\" | true",
                "application/x-www-form-urlencoded; a=b; charset=gbk | false",
                "application/x-www-form-urlencoded; charset=utf-16  | false",
                "application/x-www-form-urlencoded; charset=iso-8859-1 | false",
                "application/x-www-form-urlencoded; charset=\"utf-8 | false",
                "application/x-www-form-urlencoded; charset         | false",
                "application/x-www-form-urlencoded; charset=gbk     | false",
                "application/x-www-form-urlencodedx                 | false",
                "text/plain                                         | false",
                ";;;                                                | false",
                "''                                                 | false",
                "                                                   | false",
            })
    void contentTypeMustBeAFormInUtf8(String type, boolean isRead) {
        assertThat(Form.isType(type)).isEqualTo(isRead);
    }
}
