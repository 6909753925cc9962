package io.asynchat.demo.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asynchat.AsyncChatClient;
import io.asynchat.AsyncChatHandler;
import io.asynchat.Terminator;
import io.asynchat.testkit.JvmProcess;
import io.asynchat.testkit.NoLeaks;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;

/** A signal ends the server while many talk: what it has taken reaches all, then they are informed, then it is over. */
@ExtendWith(NoLeaks.class)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no signals")
class SignalTest {
    private static final int SENDERS = 8;
    private static final int LISTENERS = 16;
    private static final Duration LONG = Duration.ofMinutes(2); // nothing hangs on it, but a broken server

    private final AtomicInteger named = new AtomicInteger();
    private final AtomicInteger sent = new AtomicInteger(); // by each sender: so much has left this process
    private final AsyncChatClient<Member> client = AsyncChatClient.<Member>builder(
                    () -> new Member("m" + named.getAndIncrement()))
            .build();
    private final AsyncChatClient<Witness> witnesses =
            AsyncChatClient.<Witness>builder(Witness::new).build();

    /** One who keeps what it is sent. */
    private static final class Witness extends AsyncChatHandler {
        private final List<String> heard = new CopyOnWriteArrayList<>();

        Witness() {
            setTerminator(Terminator.LF);
        }

        @Override
        protected void foundTerminator() {
            heard.add(takeText(UTF_8));
        }

        /** The numbers that one has said, in the order in which they came. */
        List<Integer> of(Member sender) {
            String prefix = sender.name() + " : ";
            return heard.stream()
                    .filter(line -> line.startsWith(prefix))
                    .map(line -> Integer.valueOf(line.substring(prefix.length())))
                    .toList();
        }
    }

    @AfterEach
    void close() {
        client.close();
        witnesses.close();
    }

    @RepeatedTest(5)
    void acknowledgedLinesAreDeliveredToAllBeforeASignalEndsTheServer() throws Exception {
        signalledUnderLoad();
    }

    @RepeatedTest(100)
    @Tag("proof")
    void nothingIsLostInAHundredRounds() throws Exception {
        signalledUnderLoad();
    }

    private void signalledUnderLoad() throws Exception {
        try (JvmProcess server = Program.start("--port", "0", "--rate", "0", "--event-loops", "4")) {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.readPort());
            Witness witness = witness(address);
            List<Member> members = Stream.generate(() -> Member.in(address, client))
                    .limit(SENDERS + LISTENERS)
                    .toList();
            await().atMost(LONG).until(() -> entered(witness) == members.size());

            List<Member> senders = members.subList(0, SENDERS);
            client.executor().execute(() -> talk(senders, 0));
            await().atMost(LONG).until(() -> members.get(0).said() > 500);
            int sentBefore = sent.get();
            server.signal("TERM");

            await().atMost(LONG).until(() -> members.stream().allMatch(Member::isClosed));
            assertThat(server.exitCode()).isZero();
            assertAllHeardTheSame(witness, members);
            assertThat(senders).allSatisfy(sender -> assertNothingIsMissing(witness.of(sender), sentBefore));
        }
    }

    /** One who is in the room. */
    private Witness witness(InetSocketAddress server) {
        Witness witness = witnesses.connect(server).syncUninterruptibly().getNow();
        witness.push("login witness\nlook\n", UTF_8);
        await().atMost(LONG).until(() -> witness.heard.contains("witness"));
        return witness;
    }

    private static long entered(Witness witness) {
        return witness.heard.stream()
                .filter(line -> line.endsWith(" has entered the room."))
                .count();
    }

    /** Each says a number, and then the next one, until all have left. */
    private void talk(List<Member> senders, int number) {
        if (senders.stream().allMatch(sender -> sender.unsentBytes() == 0)) {
            sent.set(number);
        }
        senders.forEach(sender -> sender.say("say " + number));
        if (!senders.stream().allMatch(Member::isClosed)) {
            client.executor().schedule(() -> talk(senders, number + 1), 500, TimeUnit.MICROSECONDS);
        }
    }

    private static void assertNothingIsMissing(List<Integer> numbers, int atLeast) {
        assertThat(numbers)
                .hasSizeGreaterThanOrEqualTo(atLeast)
                .isEqualTo(IntStream.range(0, numbers.size()).boxed().toList());
    }

    private static void assertAllHeardTheSame(Witness witness, List<Member> members) {
        await().atMost(LONG).until(() -> !witness.channel().isOpen());
        assertThat(witness.heard).endsWith("The server is closing. Good bye.");
        long sequence = witness.heard.stream()
                .filter(line -> line.contains(" : "))
                .mapToLong(String::hashCode)
                .reduce(0, (before, line) -> before * 31 + line);
        assertThat(members).allSatisfy(member -> {
            assertThat(member.sequence()).isEqualTo(sequence);
            assertThat(member.others()).endsWith("The server is closing. Good bye.");
            assertThat(member.left()).isEmpty();
        });
    }
}
