package io.asynchat.testkit;

import io.asynchat.testkit.LinkFaults.Ending;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * A faulty network connection: it delivers in small pieces, delays, stalls, is cut, half-closed or reset.
 *
 * <pre>{@code
 * FaultyLink slow = new FaultyLink().trickles(1, Duration.ofSeconds(1));
 * new Conversation()
 *         .sends("hello")
 *         .after(Duration.ofSeconds(4))
 *         .receives("hello")
 *         .playAgainst(slow.before(EchoHandler::new));
 * }</pre>
 *
 * <p>A fault applies to both directions, unless {@link #inbound} or {@link #outbound} precedes it: inbound is what the handlers
 * read, outbound what they write. {@link #handler} is added first to any pipeline, between the channel and its handlers;
 * {@link #before} does this for every handler of a supplier; {@link #proxyTo} listens on a port of its own, between a real
 * client and a real server.
 *
 * <p>Nothing sleeps: late data is scheduled on the channel's event loop and by its clock, so in a {@link Conversation} all
 * of it happens in virtual time. While inbound data is in flight, the channel is not read; while more outbound data than the
 * high watermark is in flight, the channel is not writable, as with a socket. A close by the handlers waits for data in
 * flight, unless it is stalled; if the channel becomes inactive for another reason, data in flight is lost.
 *
 * <p><em>Thread:</em> settings change this object and return it, before its first use. <em>Ownership:</em> lost data is
 * released, and its write fails.
 */
public final class FaultyLink {

    private final LinkFaults inbound = new LinkFaults();
    private final LinkFaults outbound = new LinkFaults();

    // Mutable because inbound() and outbound() select the directions of the faults that follow.
    private List<LinkFaults> selected = List.of(inbound, outbound);

    /** Creates a link without faults. */
    public FaultyLink() {}

    /** Applies the faults that follow to the inbound direction. */
    public FaultyLink inbound() {
        selected = List.of(inbound);
        return this;
    }

    /** Applies the faults that follow to the outbound direction. */
    public FaultyLink outbound() {
        selected = List.of(outbound);
        return this;
    }

    /**
     * Divides the data into small pieces, each a read or a write of its own, immediately after one another.
     *
     * @param bytes the maximum size of a piece in bytes, at least 1
     */
    public FaultyLink trickles(int bytes) {
        return trickles(bytes, Duration.ZERO);
    }

    /**
     * Divides the data into small pieces with an interval between them.
     *
     * @param bytes the maximum size of a piece in bytes, at least 1
     * @param interval the time between two pieces
     */
    public FaultyLink trickles(int bytes, Duration interval) {
        LinkFaults.require(bytes > 0, "bytes: " + bytes + " (expected: > 0)");
        selected.forEach(faults -> faults.trickles(bytes, interval));
        return this;
    }

    /**
     * Delays all data, and the end of the input, by the same time.
     *
     * @param time the delay
     */
    public FaultyLink delays(Duration time) {
        selected.forEach(faults -> faults.delays(time));
        return this;
    }

    /**
     * Stalls for good: no byte and no end passes any more.
     *
     * @param bytes the number of bytes that pass before
     */
    public FaultyLink stallsAfter(long bytes) {
        LinkFaults.require(bytes >= 0, "bytes: " + bytes + " (expected: >= 0)");
        selected.forEach(faults -> faults.stallsAfter(bytes, null));
        return this;
    }

    /**
     * Stalls for a time.
     *
     * @param bytes the number of bytes that pass before
     * @param time the length of the stall
     */
    public FaultyLink stallsAfter(long bytes, Duration time) {
        LinkFaults.require(bytes >= 0, "bytes: " + bytes + " (expected: >= 0)");
        selected.forEach(faults -> faults.stallsAfter(bytes, time));
        return this;
    }

    /**
     * Closes the connection in both directions, in order: {@code channelInactive}.
     *
     * @param bytes the number of bytes that pass before
     */
    public FaultyLink cutsAfter(long bytes) {
        return ends(bytes, Ending.CUT);
    }

    /**
     * Ends this direction alone, in order. Inbound this is a {@code ChannelInputShutdownEvent}; outbound the peer sees the
     * end of the stream, and later writes are discarded.
     *
     * @param bytes the number of bytes that pass before
     */
    public FaultyLink halfClosesAfter(long bytes) {
        return ends(bytes, Ending.HALF_CLOSE);
    }

    /**
     * Resets the connection: handlers see a {@link java.net.SocketException}, then {@code
     * channelInactive}.
     *
     * @param bytes the number of bytes that pass before
     */
    public FaultyLink resetsAfter(long bytes) {
        return ends(bytes, Ending.RESET);
    }

    private FaultyLink ends(long bytes, Ending ending) {
        LinkFaults.require(bytes >= 0, "bytes: " + bytes + " (expected: >= 0)");
        selected.forEach(faults -> faults.endsAfter(bytes, ending));
        return this;
    }

    /** Creates the handler for one channel; it is added first to the pipeline. */
    public ChannelHandler handler() {
        return new LinkHandler(inbound, outbound);
    }

    /**
     * Adds a new {@link #handler} before every handler of a supplier.
     *
     * @param handler creates the handler under test
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
     * Listens on a port of the loopback address, and connects each client over this link to a server. Inbound is the
     * direction to the server.
     *
     * @param server its address
     */
    public FaultyProxy proxyTo(InetSocketAddress server) {
        return new FaultyProxy(server, this);
    }
}
