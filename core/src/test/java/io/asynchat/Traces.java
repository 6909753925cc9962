package io.asynchat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The recorded traces of CPython 3.11's asynchat, one JSON object a line, bytes in hexadecimal. */
final class Traces {
    private Traces() {}

    /** What came in, and what asynchat made of it; a null terminator keeps the one in force. */
    record Inbound(List<@Nullable Terminator> terminators, List<Step> steps, String held) {}

    /** One received chunk, the events it caused ("found", or the hexadecimal data), and the terminator after it. */
    record Step(String chunk, List<String> events, Terminator terminator) {}

    /** What was pushed before the socket could take anything, what each send could take, and what reached it. */
    record Outbound(List<JsonObject> calls, List<Integer> socket, String sent, boolean closed) {}

    static final String FOUND = "found";

    static List<Inbound> inbound() {
        return lines("asynchat-inbound.jsonl").stream()
                .map(line -> new Inbound(
                        stream(line.get("terminators"))
                                .map(e -> terminator(e.getAsJsonObject()))
                                .toList(),
                        stream(line.get("steps"))
                                .map(e -> step(e.getAsJsonObject()))
                                .toList(),
                        line.get("held").getAsString()))
                .toList();
    }

    static List<Outbound> outbound() {
        return lines("asynchat-outbound.jsonl").stream()
                .map(line -> new Outbound(
                        stream(line.get("calls"))
                                .map(JsonElement::getAsJsonObject)
                                .toList(),
                        stream(line.get("socket")).map(JsonElement::getAsInt).toList(),
                        line.get("sent").getAsString(),
                        line.get("closed").getAsBoolean()))
                .toList();
    }

    private static Step step(JsonObject step) {
        return new Step(
                step.get("chunk").getAsString(),
                stream(step.get("events"))
                        .map(JsonElement::getAsJsonObject)
                        .map(e -> e.has("found") ? FOUND : e.get("data").getAsString())
                        .toList(),
                Objects.requireNonNull(terminator(step.getAsJsonObject("terminator"))));
    }

    private static @Nullable Terminator terminator(JsonObject json) {
        if (json.has("delimiter")) {
            return Terminator.delimiter(
                    ByteBufUtil.decodeHexDump(json.get("delimiter").getAsString()));
        }
        if (json.has("length")) {
            return Terminator.length(json.get("length").getAsLong());
        }
        return json.has("none") ? Terminator.none() : null;
    }

    static ByteBuf buffer(String hex) {
        byte[] bytes = ByteBufUtil.decodeHexDump(hex);
        return ByteBufAllocator.DEFAULT.buffer(bytes.length + 1).writeBytes(bytes);
    }

    static java.util.stream.Stream<JsonElement> stream(JsonElement array) {
        return StreamSupport.stream(array.getAsJsonArray().spliterator(), false);
    }

    private static List<JsonObject> lines(String name) {
        try (var in = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(Traces.class.getResourceAsStream("/conformance/" + name)),
                StandardCharsets.UTF_8))) {
            return in.lines()
                    .map(line -> JsonParser.parseString(line).getAsJsonObject())
                    .toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
