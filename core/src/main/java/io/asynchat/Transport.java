package io.asynchat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueDomainSocketChannel;
import io.netty.channel.kqueue.KQueueIoHandle;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueServerDomainSocketChannel;
import io.netty.channel.kqueue.KQueueServerSocketChannel;
import io.netty.channel.kqueue.KQueueSocketChannel;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDomainSocketChannel;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerDomainSocketChannel;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The I/O implementation: the JDK's, or one of Netty's native transports where its jars are on the class path.
 *
 * <p>A native transport is available only if its classes, its native library and {@code netty-common} are of one version,
 * by the {@code META-INF/io.netty.versions.properties} of their jars: a mixture works until the first error.
 *
 * <pre>{@code
 * AsyncChatServer.builder(Echo::new).transport(Transport.best()).bind(new InetSocketAddress(0));
 * }</pre>
 *
 * <p>On the module path the modules of a native transport are not resolved by themselves; for epoll start with {@code
 * --add-modules io.netty.transport.classes.epoll,io.netty.transport.epoll.linux.x86_64}, otherwise NIO is used.
 *
 * <p><b>Thread:</b> any.
 */
// Longer than other files: one place names the classes of each transport, and what differs between them.
public enum Transport {
    /** Linux's epoll; needs {@code netty-transport-native-epoll} for the platform. */
    EPOLL("epoll") {
        @Override
        boolean probe() {
            return Epoll.isAvailable();
        }

        @Override
        IoHandlerFactory ioHandlers() {
            return EpollIoHandler.newFactory();
        }

        @Override
        Class<? extends IoHandle> ioHandle() {
            return EpollIoHandle.class;
        }

        @Override
        Class<? extends ServerChannel> serverChannel(boolean unix) {
            return unix ? EpollServerDomainSocketChannel.class : EpollServerSocketChannel.class;
        }

        @Override
        Class<? extends DuplexChannel> clientChannel(boolean unix) {
            return unix ? EpollDomainSocketChannel.class : EpollSocketChannel.class;
        }
    },

    /** The kqueue of macOS and the BSDs; needs {@code netty-transport-native-kqueue} for the platform. */
    KQUEUE("kqueue") {
        @Override
        boolean probe() {
            return KQueue.isAvailable();
        }

        @Override
        IoHandlerFactory ioHandlers() {
            return KQueueIoHandler.newFactory();
        }

        @Override
        Class<? extends IoHandle> ioHandle() {
            return KQueueIoHandle.class;
        }

        @Override
        Class<? extends ServerChannel> serverChannel(boolean unix) {
            return unix ? KQueueServerDomainSocketChannel.class : KQueueServerSocketChannel.class;
        }

        @Override
        Class<? extends DuplexChannel> clientChannel(boolean unix) {
            return unix ? KQueueDomainSocketChannel.class : KQueueSocketChannel.class;
        }
    },

    /** The JDK's own, available everywhere. */
    NIO(null) {
        @Override
        boolean probe() {
            return true;
        }

        @Override
        IoHandlerFactory ioHandlers() {
            return NioIoHandler.newFactory();
        }

        @Override
        Class<? extends IoHandle> ioHandle() {
            return NioIoHandle.class;
        }

        @Override
        Class<? extends ServerChannel> serverChannel(boolean unix) {
            return unix ? NioServerDomainSocketChannel.class : NioServerSocketChannel.class;
        }

        @Override
        Class<? extends DuplexChannel> clientChannel(boolean unix) {
            return unix ? NioDomainSocketChannel.class : NioSocketChannel.class;
        }
    },

    /** Linux's io_uring, on request only; needs {@code netty-transport-native-io_uring} for the platform. */
    IO_URING("io_uring") {
        @Override
        boolean probe() {
            return IoUring.isAvailable();
        }

        @Override
        IoHandlerFactory ioHandlers() {
            return IoUringIoHandler.newFactory();
        }

        @Override
        Class<? extends IoHandle> ioHandle() {
            return IoUringIoHandle.class;
        }

        @Override
        Class<? extends ServerChannel> serverChannel(boolean unix) {
            return unix ? IoUringServerDomainSocketChannel.class : IoUringServerSocketChannel.class;
        }

        @Override
        Class<? extends DuplexChannel> clientChannel(boolean unix) {
            return unix ? IoUringDomainSocketChannel.class : IoUringSocketChannel.class;
        }
    };

    private final @Nullable String library; // the native one, as in the names of its artifacts

    Transport(@Nullable String library) {
        this.library = library;
    }

    /** Returns the first of epoll, kqueue and NIO that is available. */
    public static Transport best() {
        return EPOLL.isAvailable() ? EPOLL : KQUEUE.isAvailable() ? KQUEUE : NIO;
    }

    /** As {@link #best}; logs if a native library cannot be used because of its version. */
    static Transport bestOrLog() {
        for (Transport each : new Transport[] {EPOLL, KQUEUE}) {
            String mismatch = each.mismatch();
            if (mismatch != null && NettyVersions.installed().containsKey(each.nativeArtifact())) {
                LoggerFactory.getLogger(Transport.class)
                        .info("{} is not used: {} (expected: one version)", each, mismatch);
            }
        }
        return best();
    }

    /**
     * Returns the transport of the event loops of that group.
     *
     * @throws IllegalArgumentException if they are of none of these
     */
    static Transport of(EventLoopGroup group) {
        if (group instanceof IoEventLoopGroup loops) {
            for (Transport each : values()) {
                if (each.serves(loops)) {
                    return each;
                }
            }
        }
        throw new IllegalArgumentException(
                "event loop group: " + group + " (expected: event loops for NIO, epoll, kqueue or io_uring)");
    }

    /** The transport of that group, else the one that is set, else the best. */
    static Transport choose(@Nullable EventLoopGroup group, @Nullable Transport set) {
        return group != null ? of(group) : set != null ? set : bestOrLog();
    }

    private boolean serves(IoEventLoopGroup loops) {
        try {
            return loops.isCompatible(ioHandle());
        } catch (LinkageError absent) {
            return false; // the jars of native transports are optional
        }
    }

    /** Returns whether its classes and its native library are present, in one version, and this system can run them. */
    public boolean isAvailable() {
        try {
            return mismatch() == null && probe();
        } catch (LinkageError absent) {
            return false; // the jars of native transports are optional
        }
    }

    /** Returns null if its jars are of one version. Checked before the library is loaded: a wrong one may crash the JVM. */
    private @Nullable String mismatch() {
        return library == null
                ? null
                : NettyVersions.mismatch(
                        NettyVersions.installed(),
                        "netty-common",
                        "netty-transport-classes-" + library,
                        nativeArtifact());
    }

    private String nativeArtifact() {
        return "netty-transport-native-" + library;
    }

    /** Returns this transport if it is available. */
    Transport requireAvailable() {
        if (isAvailable()) {
            return this;
        }
        String mismatch = mismatch();
        throw new IllegalArgumentException("transport: " + this + " (expected: one that is available here, such as "
                + best() + (mismatch == null ? ")" : "; it needs one version of its jars, found: " + mismatch + ")"));
    }

    static boolean isUnix(SocketAddress address) {
        return address instanceof UnixDomainSocketAddress || address instanceof DomainSocketAddress;
    }

    /** Netty's Unix sockets on NIO have no such option. */
    boolean allowsHalfClosure(boolean unix) {
        return this != NIO || !unix;
    }

    /** Returns the address in the class that this transport's channels take: the JDK and Netty have one each for Unix sockets. */
    SocketAddress adapt(SocketAddress address) {
        if (this == NIO && address instanceof DomainSocketAddress netty) {
            return UnixDomainSocketAddress.of(netty.path());
        }
        if (this != NIO && address instanceof UnixDomainSocketAddress jdk) {
            return new DomainSocketAddress(jdk.getPath().toString());
        }
        return address;
    }

    /** Makes that many event loops; zero stands for one a processor. */
    EventLoopGroup newLoops(int count, String threadName) {
        int threads = count == 0 ? Runtime.getRuntime().availableProcessors() : count;
        return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(threadName), ioHandlers());
    }

    /** Prepares to listen, with this transport's channels and the options that every server wants. */
    ServerBootstrap serverBootstrap(EventLoopGroup loops, boolean unix) {
        ServerBootstrap bootstrap = new ServerBootstrap().group(loops).channel(serverChannel(unix));
        if (allowsHalfClosure(unix)) {
            bootstrap.childOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        }
        if (!unix) {
            bootstrap.option(ChannelOption.SO_REUSEADDR, true).childOption(ChannelOption.TCP_NODELAY, true);
        }
        return bootstrap;
    }

    /** The address to bind: a host name is looked up here. It stays unresolved if there is no such host. */
    SocketAddress localAddress(SocketAddress address) {
        return address instanceof InetSocketAddress inet && inet.isUnresolved()
                ? new InetSocketAddress(inet.getHostString(), inet.getPort())
                : adapt(address);
    }

    /** Describes the failure to bind, in the same words on every transport. */
    static IOException bindFailure(SocketAddress address, SocketAddress local, Throwable cause) {
        String name = address instanceof InetSocketAddress inet
                ? inet.getHostString() + ":" + inet.getPort()
                : address.toString();
        String reason = local instanceof InetSocketAddress inet && inet.isUnresolved()
                ? "unknown host"
                : String.valueOf(cause.getMessage())
                        .replaceFirst("^bind\\(\\.\\.\\) failed with error\\(-?\\d+\\): ", "");
        return new IOException(name + ": " + reason, cause);
    }

    abstract boolean probe();

    abstract IoHandlerFactory ioHandlers();

    abstract Class<? extends IoHandle> ioHandle();

    abstract Class<? extends ServerChannel> serverChannel(boolean unix);

    abstract Class<? extends DuplexChannel> clientChannel(boolean unix);
}
