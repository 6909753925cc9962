package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
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

/** Reads random requests, good ones and spoiled ones, with our parser and with Netty's, and compares what they read. */
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
     * What one parser made of the first request.
     *
     * @param refused why it was not taken; null if it was
     * @param read what was taken; null if there is none, or not all of it
     */
    record Reading(@Nullable String refused, @Nullable String read) {}

    private final Limits limits = Limits.DEFAULT;

    // Mutable because the site is shared by all runs, and tells what it is asked.
    private @Nullable String read;
    private @Nullable String refused;
    private final HttpServer server = Fixture.server(new Recording(limits), limits, new RefusalLog() {
        @Override
        void refused(Channel channel, Refusal refusal) {
            if (read == null && refused == null) {
                refused = refusal.name();
            }
        }
    });

    private final class Recording extends Site {
        Recording(Limits limits) {
            super(limits, null);
        }

        @Override
        boolean wantsBody(RequestHead head) {
            return true;
        }

        @Override
        Answer answer(RequestHead head, byte[] body, int length) {
            if (read == null && refused == null) {
                Map<String, String> fields = new TreeMap<>();
                for (int i = 0; i < head.fields().size(); i++) {
                    String name = head.fields().name(i);
                    fields.merge(name.toLowerCase(Locale.ROOT), head.fields().value(i), (a, b) -> a + "|" + b);
                }
                read = head.line() + " " + fields + " " + new String(body, 0, length, ISO_8859_1);
            }
            return refusal(Refusal.OUR_FAULT); // one request is enough
        }
    }

    /** By hand, as Netty's: there are a million of them, and a conversation knows only the peer's side. */
    Reading ours(byte[] wire) {
        read = null;
        refused = null;
        EmbeddedChannel channel = new EmbeddedChannel(new HttpHandler(server));
        channel.writeInbound(ByteBufAllocator.DEFAULT.buffer().writeBytes(wire));
        channel.finishAndReleaseAll();
        return new Reading(refused, read);
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

    /** A request that is good, or has up to three faults. */
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

    /** Whether we took the request that was compared last. */
    boolean wasTaken() {
        return read != null;
    }

    /** What the two differ in, by kind, with one example each; null if they agree, or one waits for more. */
    @Nullable
    String difference(byte[] wire) {
        Reading ours = ours(wire);
        Reading theirs = nettys(wire);
        if (ours.read() != null && theirs.read() != null) {
            return ours.read().equals(theirs.read())
                    ? null
                    : "read differently: " + ours.read() + " <> " + theirs.read();
        }
        if (ours.read() != null && theirs.refused() != null) {
            return "only Netty refuses: " + theirs.refused();
        }
        if (ours.refused() != null && theirs.read() != null) {
            return "only we refuse: " + ours.refused();
        }
        if (ours.read() != null || theirs.read() != null) {
            return ours.read() != null ? "only Netty waits" : "only we wait";
        }
        return null;
    }

    /** Counts the kinds of differences among so many requests: arguments are how many, and a seed. */
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
