package io.asynchat.demo.chat.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.ibm.icu.text.Normalizer2;
import io.asynchat.demo.chat.text.PrintableText;
import io.asynchat.fuzz.FuzzAssertions;
import java.util.Locale;

/** Names of any text. */
class NicknameFuzzTest {

    /** The input is the name, in UTF-8. */
    @FuzzTest(maxDuration = "5m")
    void keyIsTheSameInOtherCaseAndComposition(byte[] input) {
        String name = new String(input, UTF_8);
        String key = Nickname.key(name);
        if (!Nickname.isAllowed(name)) {
            return;
        }
        FuzzAssertions.same(name, PrintableText.escape(name), "an allowed name as it is shown");
        FuzzAssertions.that(name.strip().equals(name) && name.indexOf(':') < 0, () -> "allowed: " + name);
        FuzzAssertions.that(!key.isEmpty(), () -> "no key: " + name);
        String composed = Normalizer2.getNFCInstance().normalize(name);
        same(key, composed);
        same(key, Normalizer2.getNFDInstance().normalize(name));
        same(key, Normalizer2.getNFKCInstance().normalize(name));
        same(key, composed.toUpperCase(Locale.ROOT)); // an iota below, in its place among the marks, becomes a letter
        same(key, composed.toLowerCase(Locale.ROOT));
    }

    private static void same(String key, String other) {
        FuzzAssertions.same(key, Nickname.key(other), "the key of " + other);
    }
}
