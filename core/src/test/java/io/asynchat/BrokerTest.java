package io.asynchat;

import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.local.LocalServerChannel;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A small broker on an {@link AsyncChatGroup}: many members on 8 event loops, several publishers, joins and leaves during
 * broadcasts, one member that does not read. Every message is a publisher's number and how many it has published before.
 */
@ExtendWith(NoLeaks.class)
class BrokerTest {
    private static final int LOOPS = 8;
    private static final int PUBLISHERS = 4;
    private static final int MARK = 0x7fff_0000; // in the place of a publisher's number: the subscription has ended
    private static final long SECONDS = 300; // a guard and no verdict

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(LOOPS, LocalIoHandler.newFactory());
    private final EventLoopGroup clients = new MultiThreadIoEventLoopGroup(2, LocalIoHandler.newFactory());
    private final ExecutorService threads = Executors.newFixedThreadPool(PUBLISHERS);
    private final AsyncChatGroup group = new AsyncChatGroup();
    private final LocalAddress address = new LocalAddress("broker");
    private final Map<Object, Member> members = new ConcurrentHashMap<>(); // by the client's address

    @AfterEach
    void shutDown() throws Exception {
        threads.shutdown();
        assertThat(threads.awaitTermination(SECONDS, TimeUnit.SECONDS)).isTrue();
        clients.shutdownGracefully(0, SECONDS, TimeUnit.SECONDS).sync();
        loops.shutdownGracefully(0, SECONDS, TimeUnit.SECONDS).sync();
    }

    @Test
    void brokerKeepsItsPromisesToAThousandMembers() throws Exception {
        play(1_000, 60);
    }

    @Test
    @Tag("proof")
    void brokerKeepsItsPromisesToFiveThousandMembers() throws Exception {
        play(5_000, 1_000);
    }

    /** One in three members comes and goes, the first is slow, and all others stay. */
    private void play(int count, int messages) throws Exception {
        Channel server = new ServerBootstrap()
                .group(loops)
                .channel(LocalServerChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel child) {
                        Member member = new Member();
                        members.put(child.remoteAddress(), member);
                        child.pipeline().addLast(member.flushes, member);
                    }
                })
                .bind(address)
                .sync()
                .channel();
        List<Client> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(connect());
        }
        Client slow = all.get(0);
        slow.member().flushes.stopped = true;
        slow.member().setSendLimit(messages * 4L);
        List<Client> movers = new ArrayList<>();
        List<Client> stayers = new ArrayList<>();
        group.join(slow.member());
        for (int i = 1; i < count; i++) {
            (i % 3 == 0 ? movers : stayers).add(all.get(i)); // of each kind some on every loop
        }
        stayers.forEach(client -> group.join(client.member()));

        List<Future<?>> publishing = new ArrayList<>();
        for (int i = 0; i < PUBLISHERS; i++) {
            int publisher = i;
            List<Client> own = new ArrayList<>(); // whom this thread lets in and out
            for (int k = publisher; k < movers.size(); k += PUBLISHERS) {
                own.add(movers.get(k));
            }
            publishing.add(threads.submit(() -> publish(publisher, messages, own)));
        }
        for (Future<?> each : publishing) {
            each.get();
        }
        stayers.forEach(client -> client.member().finish());
        for (Client client : stayers) {
            client.awaitMarks(1);
        }
        for (Client client : movers) {
            client.awaitMarks(client.subscriptions.size());
        }
        assertThat(slow.member().closed.await(SECONDS, TimeUnit.SECONDS)).isTrue();

        Map<EventExecutor, long[]> orders = verifyStayers(stayers, messages);
        movers.forEach(mover -> verifyMover(mover, orders));
        assertThat(slow.received).isEmpty();
        assertThat(slow.member().slow).as("the slow member was cut").hasValue(1);
        assertThat(all.subList(1, count))
                .allMatch(client -> client.member().channel().isOpen());
        assertThat(all.subList(1, count))
                .allMatch(client -> client.member().slow.get() == 0);
        long flushes = all.subList(1, count).stream()
                .mapToLong(client -> client.member().flushes.count.get())
                .sum();
        long received = all.subList(1, count).stream()
                .mapToLong(client -> client.received.size())
                .sum();
        assertThat(flushes).as("at most one a message").isBetween(1L, received);

        for (Client client : all) {
            client.channel.close().sync();
        }
        server.close().sync();
    }

    private Client connect() throws InterruptedException {
        Client client = new Client();
        client.channel = new Bootstrap()
                .group(clients)
                .channel(LocalChannel.class)
                .handler(client)
                .connect(address)
                .sync()
                .channel();
        client.connected.await();
        return client;
    }

    /** Publishes, and lets members in and out at known places: half of them leave by this thread, half on their own executor. */
    private Void publish(int publisher, int messages, List<Client> movers) throws Exception {
        for (int i = 0; i < messages; i++) {
            for (int k = 0; k < movers.size(); k++) {
                Client mover = movers.get(k);
                int step = (i + k) % 10;
                if (step == 3) {
                    mover.subscriptions.add(new int[] {publisher, i, -1});
                    group.join(mover.member());
                } else if (step == 8 && !mover.subscriptions.isEmpty()) {
                    leave(mover, k % 2 == 0, i);
                }
            }
            group.broadcast(message(publisher, i));
        }
        for (int k = 0; k < movers.size(); k++) {
            Client mover = movers.get(k);
            int[] last = mover.subscriptions.get(mover.subscriptions.size() - 1);
            if (last[2] < 0) {
                leave(mover, k % 2 == 0, messages);
            }
        }
        return null;
    }

    private void leave(Client mover, boolean here, int before) throws Exception {
        int[] subscription = mover.subscriptions.get(mover.subscriptions.size() - 1);
        Member member = mover.member();
        if (here) {
            subscription[2] = before; // the first message of this publisher that it must not be sent
            group.leave(member);
            member.push(message(MARK, 0)); // both are tasks, and this is the next after the leave
        } else {
            subscription[2] = Integer.MAX_VALUE;
            member.executor()
                    .submit(() -> {
                        group.leave(member);
                        member.push(message(MARK, 0));
                    })
                    .get(); // so that a join that follows is a new one
        }
    }

    /** Returns the order of messages at each event loop. */
    private Map<EventExecutor, long[]> verifyStayers(List<Client> stayers, int messages) {
        Map<EventExecutor, long[]> orders = new HashMap<>();
        for (Client client : stayers) {
            long[] received = client.received();
            long[] order = orders.computeIfAbsent(client.member().executor(), loop -> received);
            assertThat(Arrays.equals(received, order))
                    .as("members of one loop see one order")
                    .isTrue();
            assertThat(client.member().flushes.count)
                    .as("one flush a broadcast, and one for the mark")
                    .hasValue(received.length);
        }
        assertThat(orders.size()).isEqualTo(LOOPS);
        for (long[] order : orders.values()) {
            assertThat(order.length).isEqualTo(PUBLISHERS * messages + 1);
            int[] next = new int[PUBLISHERS];
            for (long message : Arrays.copyOf(order, order.length - 1)) {
                assertThat((int) message).isEqualTo(next[(int) (message >> 32)]++);
            }
        }
        return orders;
    }

    /**
     * What it received in each subscription is in its loop's order, from its join to its leave, all of each publisher. (At its
     * very beginning messages of other publishers, which were submitted while it joined, may come or not.)
     */
    private static void verifyMover(Client mover, Map<EventExecutor, long[]> orders) {
        long[] order = orders.get(mover.member().executor());
        Map<Long, Integer> places = new HashMap<>();
        for (int i = 0; i < order.length; i++) {
            places.put(order[i], i);
        }
        long[] received = mover.received();
        int at = 0;
        for (int[] subscription : mover.subscriptions) {
            int first = -1; // of the publisher that has let it in
            int last = -1;
            int place = -1;
            int[] next = new int[PUBLISHERS];
            Arrays.fill(next, -1);
            for (; received[at] >> 32 != MARK; at++) {
                int now = places.get(received[at]);
                assertThat(now).as("the order of the loop").isGreaterThan(place);
                place = now;
                int publisher = (int) (received[at] >> 32);
                int number = (int) received[at];
                assertThat(next[publisher] < 0 || number == next[publisher])
                        .as("none of a publisher is left out")
                        .isTrue();
                next[publisher] = number + 1;
                if (publisher == subscription[0]) {
                    first = first < 0 ? number : first;
                    last = number;
                }
            }
            at++;
            if (first >= 0 || subscription[2] != Integer.MAX_VALUE) {
                assertThat(first).as("first message after the join").isEqualTo(subscription[1]);
            }
            if (subscription[2] != Integer.MAX_VALUE) {
                assertThat(last).as("last message before the leave").isEqualTo(subscription[2] - 1);
            }
        }
        assertThat(at).as("nothing comes after the last leave").isEqualTo(received.length);
    }

    private static ByteBuf message(int publisher, int number) {
        return ByteBufAllocator.DEFAULT.buffer(8).writeInt(publisher).writeInt(number);
    }

    /** Counts flushes, and can keep them from the peer. */
    private static final class Flushes extends ChannelOutboundHandlerAdapter {
        final AtomicInteger count = new AtomicInteger();
        volatile boolean stopped;

        @Override
        public void flush(ChannelHandlerContext ctx) {
            count.incrementAndGet();
            if (!stopped) {
                ctx.flush();
            }
        }
    }

    /** The broker's end of a connection. */
    private static final class Member extends AsyncChatHandler {
        final Flushes flushes = new Flushes();
        final AtomicInteger slow = new AtomicInteger();
        final CountDownLatch closed = new CountDownLatch(1);

        void finish() {
            push(message(MARK, 0));
        }

        @Override
        protected void foundTerminator() {}

        @Override
        protected void handleSlowReader() throws Exception {
            slow.incrementAndGet();
            super.handleSlowReader();
        }

        @Override
        protected void handleClose() {
            closed.countDown();
        }
    }

    /** A member's peer. */
    private final class Client extends ChannelInboundHandlerAdapter {
        final List<int[]> subscriptions = new ArrayList<>(); // publisher, first message, and the one it must not have
        final List<Long> received = new ArrayList<>(); // by its event loop, until the marks have come
        private final CountDownLatch connected = new CountDownLatch(1);
        private final Semaphore marks = new Semaphore(0);
        private Channel channel;

        Member member() {
            return members.get(channel.localAddress());
        }

        long[] received() {
            return received.stream().mapToLong(Long::longValue).toArray();
        }

        void awaitMarks(int count) throws InterruptedException {
            assertThat(marks.tryAcquire(count, SECONDS, TimeUnit.SECONDS)).isTrue();
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            connected.countDown();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf in = (ByteBuf) message;
            while (in.isReadable()) {
                long next = in.readLong();
                received.add(next);
                if (next >> 32 == MARK) {
                    marks.release();
                }
            }
            in.release();
        }
    }
}
