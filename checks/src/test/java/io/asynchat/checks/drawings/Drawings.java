package io.asynchat.checks.drawings;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asynchat.AsyncChatHandler;
import io.asynchat.AsyncChatServer;
import io.asynchat.Terminator;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;

/** The drawings of {@code docs/concepts.md}, each made from a run of core. */
final class Drawings {
    private static final int CELL = 34;
    private static final String[] COLOURS = {"a", "b", "c", "d"};

    private Drawings() {}

    /** Three terminators in turn, and a packet that ends inside the second frame. */
    static Svg netstring() {
        Terminator length = Terminator.delimiter(":").atMost(5);
        Terminator comma = Terminator.delimiter(",").atMost(0);
        List<String> frames = new ArrayList<>();
        Queue<String> terminators = new ArrayDeque<>(List.of(length.toString()));
        Trace trace = new Trace(length, (handler, frame) -> {
            Terminator next = frames.isEmpty() ? Terminator.parseLength(frame) : frames.size() == 1 ? comma : length;
            frames.add(frame);
            terminators.add(next.toString());
            handler.setTerminator(next);
        });
        List<String> packets = List.of("5:he", "llo,");
        packets.forEach(trace::read);
        trace.finish();

        Svg svg = new Svg("A netstring in two packets: three frames, each with its own terminator");
        String wire = String.join("", packets);
        bytes(svg, wire, List.of(4), new int[] {0, 0, 1, 1, 1, 1, 1, 2});
        int frame = 0;
        for (String text : frames) {
            svg.box(16, 14, "", COLOURS[frame]);
            svg.text(40, "frame " + Trace.shown(text) + " ends by " + terminators.remove(), "");
            svg.down(28);
            frame++;
        }
        callbacks(svg, trace);
        return svg;
    }

    /** A byte that may begin the delimiter is held back until the next byte decides. */
    static Svg heldPrefix() {
        Trace trace = new Trace(Terminator.CRLF, (handler, frame) -> {});
        List<String> packets = List.of("a\r", "b\r\n");
        packets.forEach(trace::read);
        trace.finish();

        Svg svg = new Svg("A carriage return at the end of a packet is held back; it proves to be data");
        bytes(svg, String.join("", packets), List.of(2), new int[] {0, 1, 0, 2, 2});
        String received = "";
        String delivered = "";
        for (int read = 1; read <= packets.size(); read++) {
            received += packets.get(read - 1);
            for (Trace.Piece piece : trace.pieces) {
                delivered += piece.read() == read ? piece.data() : "";
            }
            boolean ended = received.endsWith("\r\n");
            String rest = ended ? "\"\"" : Trace.shown(received.substring(delivered.length()));
            svg.text(16, "after read " + read + ": delivered " + Trace.shown(delivered) + ", held back " + rest, "");
            svg.down(24);
        }
        callbacks(svg, trace);
        return svg;
    }

    /** Delivery stops at a pause, and while the peer does not read. */
    static Svg pause() {
        Trace[] self = new Trace[1];
        Trace trace = new Trace(Terminator.LF, (handler, frame) -> {
            if (frame.equals("2")) {
                self[0].inside("pause()");
                handler.pause();
            }
        });
        self[0] = trace;
        trace.read("1\n2\n3\n");
        trace.outside("3 waits");
        trace.resume();
        trace.writable(false);
        trace.read("4\n");
        trace.outside("4 waits");
        trace.writable(true);
        trace.finish();

        Svg svg = new Svg("Pause and writability: both stop delivery between two frames");
        lanes(svg, trace.events.subList(0, trace.events.size() - 1)); // the close belongs to the drawing of a life
        return svg;
    }

    /** The callbacks of a connection, from its first to its last. */
    static Svg life() {
        Trace trace = new Trace(Terminator.LF, (handler, frame) -> handler.push(frame + "\n", US_ASCII));
        trace.read("hello\nwor");
        trace.endInput();
        trace.finish();

        Svg svg = new Svg("The life of a connection: the peer ends its side inside a frame");
        lanes(svg, trace.events);
        return svg;
    }

    /** The pipeline that a server with TLS and timeouts makes. */
    static Svg pipeline() throws Exception {
        KeyManagerFactory noKeys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        noKeys.init(null, null);
        CompletableFuture<List<String>> names = new CompletableFuture<>();
        try (AsyncChatServer server = AsyncChatServer.builder(() -> new YourHandler(names))
                        .ssl(SslContextBuilder.forServer(noKeys).build())
                        .idleTimeout(Duration.ofMinutes(1))
                        .writeStallTimeout(Duration.ofMinutes(1))
                        .drainTimeout(Duration.ZERO)
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().flush();
            Svg svg = new Svg("The pipeline of a server with TLS and timeouts; bytes are received downwards");
            svg.down(10);
            svg.box(16, 260, "socket", "d");
            for (String name : names.get(10, TimeUnit.SECONDS)) {
                svg.line(146, svg.y() + 7, 146, svg.y() + 27, "");
                svg.down(44);
                svg.box(16, 260, name, name.equals("YourHandler") ? "c" : "a");
            }
            svg.down(28);
            return svg;
        }
    }

    /** Reports the handlers of its pipeline. */
    private static final class YourHandler extends AsyncChatHandler {
        private final CompletableFuture<List<String>> names;

        YourHandler(CompletableFuture<List<String>> names) {
            this.names = names;
        }

        @Override
        protected void handleConnect() {
            List<String> handlers = new ArrayList<>();
            for (Map.Entry<String, ChannelHandler> entry : channel().pipeline()) {
                handlers.add(entry.getValue().getClass().getSimpleName());
            }
            names.complete(handlers);
        }

        @Override
        protected void foundTerminator() {}
    }

    private static void bytes(Svg svg, String wire, List<Integer> cuts, int[] colours) {
        svg.down(10);
        for (int i = 0; i < wire.length(); i++) {
            String shown = Trace.shown(wire.substring(i, i + 1));
            svg.box(16 + i * CELL, CELL, shown.substring(1, shown.length() - 1), COLOURS[colours[i]]);
        }
        for (int cut : cuts) {
            svg.line(16 + cut * CELL, svg.y() - 26, 16 + cut * CELL, svg.y() + 16, "cut");
        }
        svg.down(40);
    }

    private static void callbacks(Svg svg, Trace trace) {
        svg.down(8);
        lanes(
                svg,
                trace.events.stream()
                        .filter(event -> !event.text().equals("handleConnect()")
                                && !event.text().equals("handleClose()"))
                        .toList());
    }

    private static void lanes(Svg svg, List<Trace.Event> events) {
        svg.text(16, "channel", "soft");
        svg.text(330, "handler", "soft");
        svg.down(12);
        svg.line(16, svg.y() - 4, 700, svg.y() - 4, "");
        svg.down(16);
        for (Trace.Event event : events) {
            svg.text(event.inside() ? 330 : 16, event.text(), "");
            svg.down(22);
        }
    }
}
