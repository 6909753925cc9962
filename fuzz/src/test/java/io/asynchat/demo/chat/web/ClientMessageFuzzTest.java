package io.asynchat.demo.chat.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.asynchat.fuzz.FuzzAssertions;

/** Messages of a page, of any text. */
class ClientMessageFuzzTest {

    /** The input is the message, in UTF-8. */
    @FuzzTest(maxDuration = "5m")
    @DictionaryEntries({
        "{\"t\":\"hello\",\"v\":1,\"client\":\"c\"}",
        "\"resume\":{\"token\":\"\",\"after\":\"1-2-3\"}",
        "\"name\":\"\"",
        "\"n\":9007199254740991",
        "\"text\":\"\\\\ud800\"",
        "[[{}]]",
        "null",
        "1e9"
    })
    void messageIsParsedOrRefusedAsAWebSocketError(byte[] input) {
        ClientMessage message;
        try {
            message = ClientMessage.parse(new String(input, UTF_8));
        } catch (WebSocketException refused) {
            FuzzAssertions.same(CloseCode.POLICY_VIOLATION, refused.code(), "the close code");
            return;
        }
        FuzzAssertions.that(message.n() >= 0 && message.v() >= 0, message::toString);
        FuzzAssertions.same(message, ClientMessage.parse(json(message)), "the message after it was written again");
    }

    private static String json(ClientMessage message) {
        JsonObject resume = new JsonObject();
        resume.addProperty("token", message.token());
        resume.addProperty("after", message.after());
        JsonObject object = new JsonObject();
        object.addProperty("t", message.t());
        object.addProperty("v", message.v());
        object.addProperty("client", message.client());
        object.add("resume", resume);
        object.addProperty("name", message.name());
        object.addProperty("n", message.n());
        object.addProperty("text", message.text());
        return new Gson().toJson(object);
    }
}
