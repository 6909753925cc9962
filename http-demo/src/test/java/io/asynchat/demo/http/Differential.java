package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.asynchat.demo.codec.http.RequestHead;
import io.asynchat.demo.codec.http.RequestRejectReason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads random requests, valid and mutated, with our parser and with Netty's, and compares the results. */
final class Differential {
    private static final List<String> SEEDS = List.of(
            "GET / HTTP/1.1\r\nHost: h\r\n\r\n",
            "GET /a?b=c HTTP/1.1\r\nHost: h:80\r\nX-A: b c\r\nConnection: keep-alive\r\n\r\n",
            "GET http://h/ HTTP/1.1\r\nHost: h\r\nAccept: */*\r\n\r\n",
            "GET / HTTP/1.0\r\n\r\n",
            "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n",
            "\r\nHEAD /x HTTP/1.1\r\nHost: [::1]\r\nX:\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\na=b&c",
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\na=b&c\r\n0\r\n\r\n",
            "PUT /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3;e=1\r\nabc\r\n00\r\nX-T: v\r\n\r\n");

    private static final List<String> TOKENS = List.of(
            "\r",
            "\n",
            "\0",
            " ",
            "\t",
            ":",
            "%",
            "\u00ff",
            "\r\n",
            "\r\n\r\n",
            "chunked",
            "0",
            "-",
            ";",
            ",",
            "\u000b",
            "HTTP/1.1",
            "Content-Length: 5\r\n",
            "Transfer-Encoding: chunked\r\n",
            "Host: h\r\n",
            "\r\n ",
            "+",
            "0x");

    /**
     * The result of one parser for the first request.
     *
     * @param rejected the reason of a rejection; null if there is none
     * @param read the request; null if it was rejected or is incomplete
     */
    record Reading(@Nullable String rejected, @Nullable String read) {}

    private final Limits limits = Limits.DEFAULT;

    // Mutable because one router records the requests of all runs.
    private @Nullable String read;
    private @Nullable String rejected;
    private final ServerContext server = Fixture.server(new Recording(limits), limits, (channel, reason) -> {
        if (read == null && rejected == null) {
            rejected = reason.name();
        }
    });

    private final class Recording extends Router {
        Recording(Limits limits) {
            super(limits, null);
        }

        @Override
        boolean wantsBody(RequestHead head) {
            return true;
        }

        @Override
        Response respond(RequestHead head, byte[] body, int length) {
            if (read == null && rejected == null) {
                Map<String, String> fields = new TreeMap<>();
                for (int i = 0; i < head.fields().size(); i++) {
                    String name = head.fields().name(i);
                    fields.merge(name.toLowerCase(Locale.ROOT), head.fields().value(i), (a, b) -> a + "|" + b);
                }
                read = head.requestLine() + " " + fields + " " + new String(body, 0, length, ISO_8859_1);
            }
            return rejection(RequestRejectReason.INTERNAL_ERROR); // closes: one request is enough
        }
    }

    /** Uses an EmbeddedChannel, as for Netty: there are a million runs, and a Conversation sees the peer's side only. */
    Reading ours(byte[] wire) {
        read = null;
        rejected = null;
        EmbeddedChannel channel = new EmbeddedChannel(new HttpHandler(server));
        channel.writeInbound(ByteBufAllocator.DEFAULT.buffer().writeBytes(wire));
        channel.finishAndReleaseAll();
        return new Reading(rejected, read);
    }

    Reading nettys(byte[] wire) {
        EmbeddedChannel channel = new EmbeddedChannel(new HttpServerCodec());
        List<HttpObject> parts = new ArrayList<>();
        try {
            channel.writeInbound(ByteBufAllocator.DEFAULT.buffer().writeBytes(wire));
            for (HttpObject part = channel.readInbound(); part != null; part = channel.readInbound()) {
                parts.add(part);
                if (part.decoderResult().isFailure()) {
                    return new Reading(String.valueOf(part.decoderResult().cause()), null);
                }
                if (part instanceof LastHttpContent) {
                    return new Reading(null, text(parts));
                }
            }
            return new Reading(null, null);
        } finally {
            parts.forEach(ReferenceCountUtil::release);
            channel.finishAndReleaseAll();
        }
    }

    private static String text(List<HttpObject> parts) {
        HttpRequest head = (HttpRequest) parts.get(0);
        Map<String, String> fields = new TreeMap<>();
        head.headers()
                .forEach(field ->
                        fields.merge(field.getKey().toLowerCase(Locale.ROOT), field.getValue(), (a, b) -> a + "|" + b));
        StringBuilder body = new StringBuilder();
        for (HttpObject part : parts) {
            if (part instanceof HttpContent content) {
                ByteBuf bytes = content.content();
                body.append(bytes.toString(ISO_8859_1));
            }
        }
        return head.method() + " " + head.uri() + " " + head.protocolVersion() + " " + fields + " " + body;
    }

    /** Returns a valid request, or one with up to three mutations. */
    static byte[] request(Random random) {
        StringBuilder wire = new StringBuilder(SEEDS.get(random.nextInt(SEEDS.size())));
        for (int faults = random.nextInt(4); faults > 0; faults--) {
            int at = random.nextInt(wire.length());
            switch (random.nextInt(4)) {
                case 0 -> wire.setCharAt(at, (char) random.nextInt(256));
                case 1 -> wire.insert(at, TOKENS.get(random.nextInt(TOKENS.size())));
                case 2 -> wire.delete(at, Math.min(wire.length(), at + 1 + random.nextInt(4)));
                default -> wire.insert(lineAfter(wire, at), TOKENS.get(random.nextInt(TOKENS.size())));
            }
            if (wire.isEmpty()) {
                break;
            }
        }
        return wire.toString().getBytes(ISO_8859_1);
    }

    private static int lineAfter(StringBuilder wire, int at) {
        int end = wire.indexOf("\r\n", at);
        return end < 0 ? at : end + 2;
    }

    /** Returns whether our parser accepted the last request. */
    boolean wasAccepted() {
        return read != null;
    }

    /** Returns the kind of difference between the two; null if they agree, or both wait for more. */
    @Nullable
    String difference(byte[] wire) {
        Reading ours = ours(wire);
        Reading theirs = nettys(wire);
        if (ours.read() != null && theirs.read() != null) {
            return ours.read().equals(theirs.read())
                    ? null
                    : "read differently: " + ours.read() + " <> " + theirs.read();
        }
        if (ours.read() != null && theirs.rejected() != null) {
            return "only Netty rejects: " + theirs.rejected();
        }
        if (ours.rejected() != null && theirs.read() != null) {
            return "only we reject: " + ours.rejected();
        }
        if (ours.read() != null || theirs.read() != null) {
            return ours.read() != null ? "only Netty waits" : "only we wait";
        }
        return null;
    }

    /** Counts the differences by kind. Arguments: number of requests, seed. */
    public static void main(String[] args) {
        int count = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
        Random random = new Random(args.length > 1 ? Long.parseLong(args[1]) : 1);
        Differential differential = new Differential();
        Map<String, Integer> kinds = new TreeMap<>();
        Map<String, String> examples = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            byte[] wire = request(random);
            String difference = differential.difference(wire);
            if (difference != null) {
                kinds.merge(difference, 1, Integer::sum);
                examples.putIfAbsent(difference, new String(wire, ISO_8859_1));
            }
        }
        kinds.forEach((kind, times) -> System.out.println(times + " " + kind + "\n      "
                + String.valueOf(examples.get(kind)).replace("\r", "\\r").replace("\n", "\\n")));
    }
}
