package io.asynchat;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueServerSocketChannel;
import io.netty.channel.kqueue.KQueueSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;

/**
 * How bytes get to the network: by the JDK, or by one of Netty's native transports where its jars are there.
 *
 * <p><b>Thread:</b> any.
 */
public enum Transport {
    /** Linux's epoll; needs {@code netty-transport-native-epoll} for the platform, of the same version as Netty. */
    EPOLL {
        @Override
        boolean probe() {
            return Epoll.isAvailable();
        }

        @Override
        IoHandlerFactory ioHandlers() {
            return EpollIoHandler.newFactory();
        }

        @Override
        Class<? extends ServerChannel> serverChannel() {
            return EpollServerSocketChannel.class;
        }

        @Override
        Class<? extends SocketChannel> clientChannel() {
            return EpollSocketChannel.class;
        }
    },

    /** The kqueue of macOS and the BSDs; needs {@code netty-transport-native-kqueue}. */
    KQUEUE {
        @Override
        boolean probe() {
            return KQueue.isAvailable();
        }

        @Override
        IoHandlerFactory ioHandlers() {
            return KQueueIoHandler.newFactory();
        }

        @Override
        Class<? extends ServerChannel> serverChannel() {
            return KQueueServerSocketChannel.class;
        }

        @Override
        Class<? extends SocketChannel> clientChannel() {
            return KQueueSocketChannel.class;
        }
    },

    /** The JDK's own, everywhere. */
    NIO {
        @Override
        boolean probe() {
            return true;
        }

        @Override
        IoHandlerFactory ioHandlers() {
            return NioIoHandler.newFactory();
        }

        @Override
        Class<? extends ServerChannel> serverChannel() {
            return NioServerSocketChannel.class;
        }

        @Override
        Class<? extends SocketChannel> clientChannel() {
            return NioSocketChannel.class;
        }
    },

    /** Linux's io_uring, on request only; needs {@code netty-transport-native-io_uring}. */
    IO_URING {
        @Override
        boolean probe() {
            return IoUring.isAvailable();
        }

        @Override
        IoHandlerFactory ioHandlers() {
            return IoUringIoHandler.newFactory();
        }

        @Override
        Class<? extends ServerChannel> serverChannel() {
            return IoUringServerSocketChannel.class;
        }

        @Override
        Class<? extends SocketChannel> clientChannel() {
            return IoUringSocketChannel.class;
        }
    };

    /** The first of epoll, kqueue and NIO that is available. */
    public static Transport best() {
        return EPOLL.isAvailable() ? EPOLL : KQUEUE.isAvailable() ? KQUEUE : NIO;
    }

    /** Whether its classes and its native library are there and this system can run them. */
    public boolean isAvailable() {
        try {
            return probe();
        } catch (LinkageError absent) {
            return false; // the jars of native transports are optional
        }
    }

    /** Itself, if it is available. */
    Transport requireAvailable() {
        if (!isAvailable()) {
            throw new IllegalArgumentException(
                    "transport: " + this + " (expected: one that is available here, such as " + best() + ")");
        }
        return this;
    }

    abstract boolean probe();

    abstract IoHandlerFactory ioHandlers();

    abstract Class<? extends ServerChannel> serverChannel();

    abstract Class<? extends SocketChannel> clientChannel();
}
