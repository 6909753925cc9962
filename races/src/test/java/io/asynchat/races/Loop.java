package io.asynchat.races;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.local.LocalServerChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An event loop with connections of Netty's local transport: no socket has a part in them, so that each step of each thread is one
 * that the test's scheduler chooses.
 */
public final class Loop implements AutoCloseable {
    private final List<Thread> threads = new ArrayList<>();
    private final EventLoop executor = new SingleThreadIoEventLoop(null, this::thread, LocalIoHandler.newFactory());

    private Thread thread(Runnable task) {
        Thread thread = new Thread(task, "loop");
        threads.add(thread);
        return thread;
    }

    /** Returns the event loop. */
    public EventLoop executor() {
        return executor;
    }

    /** Connects the handler to a new peer. Returns when the handler is in its pipeline; it may not be connected by then. */
    public Peer connect(ChannelHandler handler) throws InterruptedException {
        LocalAddress address = new LocalAddress(Loop.class);
        Channel listener = new ServerBootstrap()
                .group(executor)
                .channel(LocalServerChannel.class)
                .childOption(ChannelOption.ALLOCATOR, UnpooledByteBufAllocator.DEFAULT)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(handler);
                    }
                })
                .bind(address)
                .sync()
                .channel();
        Peer peer = new Peer();
        connect(peer, address).sync();
        finishTasks();
        listener.close().sync();
        return peer;
    }

    /** Connects a peer to a server that listens there. */
    public ChannelFuture connect(Peer peer, LocalAddress address) {
        return new Bootstrap()
                .disableResolver() // it starts a thread of Netty's when the loop ends
                .group(executor)
                .channel(LocalChannel.class)
                .option(ChannelOption.ALLOCATOR, UnpooledByteBufAllocator.DEFAULT)
                .handler(peer)
                .connect(address);
    }

    /** Returns when all tasks that have been submitted so far, and the tasks that these have submitted, have run. */
    public void finishTasks() throws InterruptedException {
        for (int i = 0; i < 4; i++) {
            executor.submit(() -> {}).sync();
        }
    }

    /** Ends the loop and its thread: nothing of one round is left for the next. */
    @Override
    public void close() {
        executor.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("loop: interrupted before its thread had ended", interrupted);
        }
    }
}
