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
 * A script of what peers send and what they must receive, played against handlers in virtual time or against a socket.
 *
 * <pre>{@code
 * new Conversation()
 *         .sends("hello")
 *         .receives("hello")
 *         .endsInput()
 *         .closes()
 *         .withNothingElseSent()
 *         .holdsWith(EchoHandler::new);
 * }</pre>
 *
 * <p>Steps are played one after the other, each on the peer that was named last by {@link #peer}; a peer connects when it
 * is first named or does its first step. Text is UTF-8. What is received is a stream: {@link #receives} takes its bytes
 * from the front, wherever the other side cut them, and leaves the rest for the next step.
 *
 * <p>{@link #holdsWith} plays in an {@code EmbeddedChannel} per peer, which share one clock: nothing waits, {@code
 * after(Duration.ofMinutes(5))} takes no time and runs on the way what is due in it. {@link #holdsAt(SocketAddress)} plays the same
 * script over sockets.
 *
 * <p>{@link #read} takes the script from a text file, by custom {@code *.talk}:
 *
 * <pre>
 * ## a comment, as a blank line is; escapes are &#92;r &#92;n &#92;t &#92;0 &#92;&#92; &#92;x1b
 * # lines end with &#92;r&#92;n
 * anna &gt; login anna
 * anna &lt; welcome, anna
 * bob &gt; login bob
 * anna &lt;~ bob( has)? joined
 * # after 5m
 * # anna closes
 * # bob ends input
 * # nothing else
 * </pre>
 *
 * <p>{@code >} sends and {@code <} receives the rest of the line after one blank, {@code <~} takes it for a pattern. A line
 * whose last character is a backslash gets no line end. {@code disconnects} is the other thing that a peer may do. Without
 * a name it is all one peer.
 *
 * <p>A failure is an {@link AssertionError} that shows both columns, expected and actual, with every byte visible and the
 * first that differs marked.
 *
 * <p><em>Thread:</em> the calling one plays all. Steps change this object and return it; once written it may be played
 * any number of times.
 */
public final class Conversation {

    /** A step, and where its author wrote it. */
    record Cue(String place, Step step) {}

    /** What is done when its turn comes. */
    @FunctionalInterface
    interface Step {
        void play(Performance performance);
    }

    private final List<Cue> script = new ArrayList<>();

    // Mutable because it is the subject of the steps that follow, as in a sentence.
    private String peer = "";

    /** Begins an empty script. */
    public Conversation() {}

    /**
     * Reads a script from a text file.
     *
     * @param file a {@code *.talk} file in UTF-8
     * @throws IllegalArgumentException if a line of it is none; the message names the line
     */
    public static Conversation read(Path file) throws IOException {
        return TalkFile.parse(file.getFileName() + ":", Files.readString(file, StandardCharsets.UTF_8));
    }

    /**
     * Reads a script from the text that such a file holds.
     *
     * @param talk its lines
     * @throws IllegalArgumentException if one is none; the message names it
     */
    public static Conversation parse(String talk) {
        return TalkFile.parse("line ", talk);
    }

    /**
     * Says whose steps the next ones are, and connects that peer where it is not.
     *
     * @param name any name; the empty one stands for the peer that was never named
     */
    public Conversation peer(String name) {
        peer = name;
        return add(performance -> performance.meet(name));
    }

    /**
     * Sends text, in one read.
     *
     * @param text what is sent, as UTF-8
     */
    public Conversation sends(String text) {
        return sends(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Sends bytes, in one read.
     *
     * @param bytes what is sent
     */
    public Conversation sends(byte... bytes) {
        String name = peer;
        return add(performance -> performance.send(name, bytes));
    }

    /**
     * Expects this text next.
     *
     * @param text what is received, as UTF-8
     */
    public Conversation receives(String text) {
        return receives(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Expects these bytes next.
     *
     * @param bytes what is received
     */
    public Conversation receives(byte... bytes) {
        String name = peer;
        return add(performance -> performance.receive(name, new Expectation.Bytes(bytes)));
    }

    /**
     * Expects bytes next that a regular expression matches; what it matches is taken, the rest is not. It sees bytes, not
     * characters: {@code ü} in it matches both bytes of that letter, {@code .} matches one. Over a socket it should end
     * with something definite, such as {@code \r\n}, for else there is a wait for more that it might match.
     *
     * @param regex the expression
     */
    public Conversation receivesMatching(String regex) {
        String name = peer;
        Expectation expected = Expectation.matching(regex);
        return add(performance -> performance.receive(name, expected));
    }

    /**
     * Takes all that has come, and over a socket all up to the end of the stream, for a check of one's own.
     *
     * @param check fails if that is not as expected
     */
    public Conversation receivesAll(Consumer<byte[]> check) {
        String name = peer;
        return add(performance -> performance.receiveAll(name, check));
    }

    /** Ends the peer's sending, as by {@code shutdown(SHUT_WR)}; it still receives. */
    public Conversation endsInput() {
        String name = peer;
        return add(performance -> performance.endInput(name));
    }

    /** Ends the connection from the peer's side, both ways: {@code channelInactive}. */
    public Conversation disconnects() {
        String name = peer;
        return add(performance -> performance.disconnect(name));
    }

    /**
     * Expects that the other side has ended the connection, or its sending, behind what was received so far. (Over a
     * socket a reset is taken for an end too.)
     */
    public Conversation closes() {
        String name = peer;
        return add(performance -> performance.expectEnd(name));
    }

    /**
     * Lets time pass: virtual time with {@link #holdsWith}, in which all that falls due runs in its order; real time with
     * {@link #holdsAt(SocketAddress)}.
     */
    public Conversation after(Duration time) {
        return add(performance -> performance.pass(time));
    }

    /**
     * Does something that no peer does, such as to begin a server's drain.
     *
     * @param action what is done
     */
    public Conversation then(Runnable action) {
        return add(performance -> performance.run(action));
    }

    /** Expects that no peer was sent more than it received in this script. (Over a socket: for 50 ms nothing comes.) */
    public Conversation withNothingElseSent() {
        return add(Performance::expectNothingElse);
    }

    /**
     * Plays the script against handlers, in virtual time. An exception that none of them handles is a failure; messages
     * that none of them takes are released. To put several into a pipeline, give a {@code ChannelInitializer}.
     *
     * @param handler makes the handler of one connection, for each peer anew
     */
    public void holdsWith(Supplier<? extends ChannelHandler> handler) {
        try (EmbeddedPeers peers = new EmbeddedPeers(handler)) {
            new Performance(peers).of(script);
        }
    }

    /** Plays the script over sockets that connect to this server. What must come may take 10 seconds. */
    public void holdsAt(SocketAddress server) {
        holdsAt(server, Duration.ofSeconds(10));
    }

    /** Plays the script over sockets that connect to this server. What must come next may take so long. */
    public void holdsAt(SocketAddress server, Duration timeout) {
        try (SocketPeers peers = new SocketPeers(server, timeout)) {
            new Performance(peers).of(script);
        }
    }

    /** Adds a step that was written in a place of its own. */
    Conversation add(String place, Step step) {
        script.add(new Cue(place, step));
        return this;
    }

    private Conversation add(Step step) {
        return add(Report.placeOfCaller(), step);
    }
}
