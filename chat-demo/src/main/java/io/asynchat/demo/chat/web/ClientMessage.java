package io.asynchat.demo.chat.web;

import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.IOException;
import java.io.StringReader;
import java.util.HashMap;
import java.util.Map;

/**
 * A message of a page, which is an object in JSON (RFC 8259): {@code {"t":"hello","v":1,"client":"…"}}. A field that it lacks is
 * empty, or 0; a field that is not known is skipped.
 *
 * @param t what the page wants: hello, login or line
 */
record ClientMessage(String t, long v, String client, String token, String after, String name, long n, String text) {
    private static final int MAX_DEPTH = 4;
    private static final long MAX_NUMBER = (1L << 53) - 1; // a page has doubles

    /**
     * Parses a message, strictly.
     *
     * @throws WebSocketException if it is no JSON, no object, too deep, or has a field twice or of another type
     */
    static ClientMessage parse(String json) {
        JsonReader in = new JsonReader(new StringReader(json));
        in.setStrictness(Strictness.STRICT);
        in.setNestingLimit(MAX_DEPTH);
        try {
            Map<String, Object> fields = new HashMap<>();
            readObject(in, "", fields);
            if (in.peek() != JsonToken.END_DOCUMENT) {
                throw new MalformedJsonException("more than one value");
            }
            return new ClientMessage(
                    text(fields, "t"),
                    number(fields, "v"),
                    text(fields, "client"),
                    text(fields, "resume.token"),
                    text(fields, "resume.after"),
                    text(fields, "name"),
                    number(fields, "n"),
                    text(fields, "text"));
        } catch (IOException | IllegalStateException | NumberFormatException | JsonParseException malformed) {
            throw new WebSocketException(CloseCode.POLICY_VIOLATION, "a message is not JSON of the expected form");
        }
    }

    /** Reads the fields of an object, and those of objects in it by their path. */
    private static void readObject(JsonReader in, String path, Map<String, Object> fields) throws IOException {
        in.beginObject();
        while (in.hasNext()) {
            String name = path + in.nextName();
            Object before = switch (in.peek()) {
                case STRING -> fields.put(name, in.nextString());
                case NUMBER -> fields.put(name, in.nextLong());
                case BEGIN_OBJECT -> {
                    readObject(in, name + ".", fields);
                    yield fields.put(name, "");
                }
                default -> {
                    in.skipValue();
                    yield null;
                }
            };
            if (before != null) {
                throw new MalformedJsonException("a field twice");
            }
        }
        in.endObject();
    }

    private static String text(Map<String, Object> fields, String name) throws IOException {
        Object value = fields.getOrDefault(name, "");
        if (value instanceof String text) {
            return text;
        }
        throw new MalformedJsonException(name + " is no text");
    }

    private static long number(Map<String, Object> fields, String name) throws IOException {
        Object value = fields.getOrDefault(name, 0L);
        if (value instanceof Long number && number >= 0 && number <= MAX_NUMBER) {
            return number;
        }
        throw new MalformedJsonException(name + " is no number of a page");
    }
}
