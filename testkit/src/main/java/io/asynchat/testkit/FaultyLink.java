package io.asynchat.testkit;

import io.asynchat.testkit.LinkWay.Ending;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * A connection that is not what one wishes: it dribbles, delays, stalls, is cut, half-closed or reset.
 *
 * <pre>{@code
 * FaultyLink slow = new FaultyLink().dribbles(1, Duration.ofSeconds(1));
 * new Conversation()
 *         .sends("hello")
 *         .after(Duration.ofSeconds(4))
 *         .receives("hello")
 *         .holdsWith(slow.before(EchoHandler::new));
 * }</pre>
 *
 * <p>A fault is in both directions, unless {@link #inbound} or {@link #outbound} was said before it: inbound is what comes to
 * the handlers, outbound what they write. {@link #handler} is put first into any pipeline and brings the faults between the
 * channel and its handlers; {@link #before} does so for each handler that a supplier makes; {@link #proxyTo} listens on a
 * port of its own and brings them between a real client and a real server.
 *
 * <p>Nothing sleeps: what is late is scheduled on the channel's event loop and by its clock, so in a {@link Conversation}
 * all of it happens in virtual time. While something is on its way inbound the channel is not read from, and while more than
 * the high watermark is on its way outbound the channel is not writable, as with a socket. A close by the handlers waits for
 * what is on its way, unless that is stalled; if the channel becomes inactive for another reason, that is lost.
 *
 * <p><em>Thread:</em> settings change this object and return it, before its first use. <em>Ownership:</em> what is lost is
 * released, and its write fails.
 */
public final class FaultyLink {

    private final LinkWay inbound = new LinkWay();
    private final LinkWay outbound = new LinkWay();

    // Mutable because it is the subject of the faults that follow, as in a sentence.
    private List<LinkWay> ways = List.of(inbound, outbound);

    /** Begins a link without a fault. */
    public FaultyLink() {}

    /** Says that the faults that follow are in what comes to the handlers. */
    public FaultyLink inbound() {
        ways = List.of(inbound);
        return this;
    }

    /** Says that the faults that follow are in what the handlers write. */
    public FaultyLink outbound() {
        ways = List.of(outbound);
        return this;
    }

    /**
     * Cuts all into small pieces, each a read or a write of its own, one right after the other.
     *
     * @param bytes the most that a piece has, at least 1
     */
    public FaultyLink dribbles(int bytes) {
        return dribbles(bytes, Duration.ZERO);
    }

    /**
     * Cuts all into small pieces, and lets time pass from one to the next.
     *
     * @param bytes the most that a piece has, at least 1
     * @param every the time between two pieces
     */
    public FaultyLink dribbles(int bytes, Duration every) {
        LinkWay.require(bytes > 0, "bytes: " + bytes + " (expected: > 0)");
        ways.forEach(way -> way.dribbles(bytes, every));
        return this;
    }

    /**
     * Lets all arrive later, the end of the input too; what follows at a distance still does.
     *
     * @param time how much later
     */
    public FaultyLink delays(Duration time) {
        ways.forEach(way -> way.delays(time));
        return this;
    }

    /**
     * Lets nothing more pass, not even an end.
     *
     * @param bytes how many pass before
     */
    public FaultyLink stallsAfter(long bytes) {
        LinkWay.require(bytes >= 0, "bytes: " + bytes + " (expected: >= 0)");
        ways.forEach(way -> way.stallsAfter(bytes, null));
        return this;
    }

    /**
     * Lets nothing more pass for a while.
     *
     * @param bytes how many pass before
     * @param time how long
     */
    public FaultyLink stallsAfter(long bytes, Duration time) {
        LinkWay.require(bytes >= 0, "bytes: " + bytes + " (expected: >= 0)");
        ways.forEach(way -> way.stallsAfter(bytes, time));
        return this;
    }

    /**
     * Ends the connection in both directions, in order: {@code channelInactive}.
     *
     * @param bytes how many pass before
     */
    public FaultyLink cutsAfter(long bytes) {
        return ends(bytes, Ending.CUT);
    }

    /**
     * Ends this direction alone, in order. Inbound this is a {@code ChannelInputShutdownEvent}; outbound the peer sees the
     * end of the stream, and what is written then goes nowhere.
     *
     * @param bytes how many pass before
     */
    public FaultyLink halfClosesAfter(long bytes) {
        return ends(bytes, Ending.HALF_CLOSE);
    }

    /**
     * Ends the connection in both directions by a reset: handlers see a {@link java.net.SocketException}, then {@code
     * channelInactive}.
     *
     * @param bytes how many pass before
     */
    public FaultyLink resetsAfter(long bytes) {
        return ends(bytes, Ending.RESET);
    }

    private FaultyLink ends(long bytes, Ending ending) {
        LinkWay.require(bytes >= 0, "bytes: " + bytes + " (expected: >= 0)");
        ways.forEach(way -> way.endsAfter(bytes, ending));
        return this;
    }

    /** Makes the handler for one channel, to be put first into its pipeline. */
    public ChannelHandler handler() {
        return new LinkHandler(inbound, outbound);
    }

    /**
     * Puts such a handler before each that is made.
     *
     * @param handler makes the handler that suffers
     */
    public Supplier<ChannelHandler> before(Supplier<? extends ChannelHandler> handler) {
        return () -> new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(handler(), handler.get());
            }
        };
    }

    /**
     * Listens on a port of the loopback address, and connects each client over this link to a server. Inbound is what goes
     * to the server.
     *
     * @param server where it is
     */
    public FaultyProxy proxyTo(InetSocketAddress server) {
        return new FaultyProxy(server, this);
    }
}
