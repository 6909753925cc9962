package io.asynchat.testkit;

import io.netty.channel.ChannelHandler;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A script of what peers send and what they must receive, played against handlers in virtual time or against a server.
 *
 * <pre>{@code
 * new Conversation()
 *         .sends("hello")
 *         .receives("hello")
 *         .endsInput()
 *         .expectClose()
 *         .expectNothingElse()
 *         .playAgainst(EchoHandler::new);
 * }</pre>
 *
 * <p><strong>Several peers:</strong> {@link #peer peer(name)} selects the peer of the steps that follow. A peer connects when
 * it is first selected, or at its first step; a script that never selects one has a single peer.
 *
 * <pre>{@code
 * new Conversation()
 *         .peer("anna").sends("login anna\r\n").receives("Welcome, anna\r\n")
 *         .peer("bob").sends("login bob\r\n").receives("Welcome, bob\r\n")
 *         .peer("anna").receives("bob has joined\r\n")
 *         .playAgainst(server.address());
 * }</pre>
 *
 * <p>Steps are played one after the other. Text is UTF-8; {@link #sendsHex} and {@link #receivesHex} are for binary parts. The
 * received bytes are a stream: {@link #receives} takes its bytes from the front, wherever the other side divided them, and
 * leaves the rest to the next step.
 *
 * <p>{@link #playAgainst(Supplier)} plays in one {@code EmbeddedChannel} per peer; the channels share a clock, so {@code
 * after(Duration.ofMinutes(5))} takes no time and runs what falls due in it. {@link #playAgainst(SocketAddress)} plays the same
 * script over sockets.
 *
 * <p>{@link #read} reads a script from a text file, by convention {@code *.talk}. Its grammar, a line each; {@code peer} is a
 * word of letters, digits, {@code _} and {@code -}, and may be absent:
 *
 * <pre>
 * ## a comment; blank lines are ignored
 * # lines end with &#92;r&#92;n            every text below gets this end (none at first)
 * peer &gt; text                      sends the rest of the line after one blank
 * peer &lt; text                      receives exactly this
 * peer &lt;~ pattern                  receives bytes that the regular expression matches
 * peer &gt;x 00 03 61 62 63           sends bytes, in hexadecimal; blanks are ignored
 * peer &lt;x 00 03 ?? ?? ??           receives these bytes; ?? is any byte
 * # after 5m                       lets 5 minutes pass (ms, s, m, h)
 * # peer ends input                shuts down the output of the peer
 * # peer disconnects               closes the connection from the peer's side
 * # peer is closed                 expects that the other side has closed the connection
 * # nothing else                   expects that no peer has received more
 * </pre>
 *
 * <p>Text may contain the escapes <code>&#92;r &#92;n &#92;t &#92;0 &#92;" &#92;&#92;</code> and <code>&#92;x1b</code>. A text that ends with a single
 * backslash gets no line end; lines with hexadecimal bytes never get one.
 *
 * <p>A failure is an {@link AssertionError} that shows expected and actual bytes side by side, with escapes, and marks the
 * first byte that differs.
 *
 * <p><em>Thread:</em> the calling thread plays all steps. Steps change this object and return it; a script may be played any
 * number of times.
 */
public final class Conversation {

    /** A step, and the place where the test has it. */
    record ScriptStep(String place, Action action) {}

    /** What a step does. */
    @FunctionalInterface
    interface Action {
        void play(ScriptPlayer player);
    }

    private final List<ScriptStep> script = new ArrayList<>();

    // Mutable because peer(name) selects it for the steps that follow.
    private String peer = "";

    /** Creates an empty script. */
    public Conversation() {}

    /**
     * Reads a script from a text file.
     *
     * @param file a {@code *.talk} file in UTF-8
     * @throws IllegalArgumentException if a line is not in the grammar; the message names the line
     */
    public static Conversation read(Path file) throws IOException {
        return TalkFile.parse(file.getFileName() + ":", Files.readString(file, StandardCharsets.UTF_8));
    }

    /**
     * Reads a script from the text of a {@code *.talk} file.
     *
     * @param talk the lines
     * @throws IllegalArgumentException if a line is not in the grammar; the message names the line
     */
    public static Conversation parse(String talk) {
        return TalkFile.parse("line ", talk);
    }

    /**
     * Selects the peer of the steps that follow, and connects it unless it is connected.
     *
     * @param name any name; the empty name is the peer of steps before the first selection
     */
    public Conversation peer(String name) {
        peer = name;
        return add(player -> player.connect(name));
    }

    /**
     * Sends text, in one read.
     *
     * @param text the text, sent as UTF-8
     */
    public Conversation sends(String text) {
        return sends(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Sends bytes, in one read.
     *
     * @param bytes the bytes; they are copied
     */
    public Conversation sends(byte[] bytes) {
        String name = peer;
        byte[] copy = bytes.clone();
        return add(player -> player.send(name, copy));
    }

    /**
     * Sends bytes that are written in hexadecimal, in one read.
     *
     * @param hex pairs of hexadecimal digits, such as {@code "00 03 616263"}; blanks are ignored
     * @throws IllegalArgumentException if it has anything else
     */
    public Conversation sendsHex(String hex) {
        return sends(HexPattern.parse(hex).bytes());
    }

    /**
     * Expects this text next.
     *
     * @param text the expected text, as UTF-8
     */
    public Conversation receives(String text) {
        return receives(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Expects these bytes next.
     *
     * @param bytes the expected bytes; they are copied
     */
    public Conversation receives(byte[] bytes) {
        return receives(new Expectation.Bytes(bytes.clone()));
    }

    /**
     * Expects bytes next that are written in hexadecimal.
     *
     * @param hex pairs of hexadecimal digits, or {@code ??} for any byte, such as {@code "00 03 ?? ?? ??"}; blanks are ignored
     * @throws IllegalArgumentException if it has anything else
     */
    public Conversation receivesHex(String hex) {
        return receives(HexPattern.parse(hex));
    }

    /**
     * Expects bytes next that match a regular expression; the match is consumed, later bytes are not. The expression sees
     * bytes, not characters: {@code ü} in it matches the two bytes of that letter, {@code \xff} one byte, {@code .} one byte
     * other than a line end ({@code (?s)} adds those). Over a socket the expression should end with something definite, such
     * as {@code \r\n}; otherwise the step waits for more bytes that could match.
     *
     * @param regex the expression
     */
    public Conversation receivesMatching(String regex) {
        return receives(Expectation.matching(regex));
    }

    private Conversation receives(Expectation expected) {
        String name = peer;
        return add(player -> player.receive(name, expected));
    }

    /**
     * Passes all received bytes to a check; over a socket, all bytes up to the end of the stream.
     *
     * @param check throws an {@link AssertionError} if the bytes are wrong
     */
    public Conversation receivesAll(Consumer<byte[]> check) {
        String name = peer;
        return add(player -> player.receiveAll(name, check));
    }

    /** Shuts down the output of the peer, as {@code shutdown(SHUT_WR)} does; the peer still receives. */
    public Conversation endsInput() {
        String name = peer;
        return add(player -> player.endInput(name));
    }

    /** Closes the connection from the peer's side, in both directions: {@code channelInactive}. */
    public Conversation disconnects() {
        String name = peer;
        return add(player -> player.disconnect(name));
    }

    /**
     * Expects that the other side has closed the connection, or shut down its output, after the bytes received so far. (Over
     * a socket a reset counts as an end too.)
     */
    public Conversation expectClose() {
        String name = peer;
        return add(player -> player.expectClose(name));
    }

    /**
     * Lets time pass: virtual time in {@link #playAgainst(Supplier)}, where everything that falls due runs in order; real time
     * over sockets.
     */
    public Conversation after(Duration time) {
        return add(player -> player.advance(time));
    }

    /**
     * Runs an action of the test, such as the start of a server's drain.
     *
     * @param action the action
     */
    public Conversation then(Runnable action) {
        return add(player -> player.run(action));
    }

    /** Expects that no peer has received more than the script says. (Over a socket: nothing comes for 50 ms.) */
    public Conversation expectNothingElse() {
        return add(ScriptPlayer::expectNothingElse);
    }

    /**
     * Plays the script against handlers, in virtual time. An exception that no handler handles is a failure; messages that no
     * handler consumes are released. A {@code ChannelInitializer} adds several handlers.
     *
     * @param handler creates the handler of one connection, once for each peer
     */
    public void playAgainst(Supplier<? extends ChannelHandler> handler) {
        try (EmbeddedPeers peers = new EmbeddedPeers(handler)) {
            new ScriptPlayer(peers).play(script);
        }
    }

    /** Plays the script over sockets that connect to a server. Expected bytes may take 10 seconds. */
    public void playAgainst(SocketAddress server) {
        playAgainst(server, Duration.ofSeconds(10));
    }

    /**
     * Plays the script over sockets that connect to a server.
     *
     * @param server its address
     * @param timeout how long a step waits for expected bytes
     */
    public void playAgainst(SocketAddress server, Duration timeout) {
        try (NetworkPeers peers = new NetworkPeers(server, timeout)) {
            new ScriptPlayer(peers).play(script);
        }
    }

    /** Adds a step of a script that is a text of its own. */
    Conversation add(String place, Action action) {
        script.add(new ScriptStep(place, action));
        return this;
    }

    private Conversation add(Action action) {
        return add(CallSite.outsideOf(Conversation.class), action);
    }
}
