package io.asynchat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.asynchat.fuzz.Cut;
import io.asynchat.fuzz.FuzzAssertions;
import io.asynchat.fuzz.LoggedFaults;
import io.netty.handler.ssl.SslContext;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Programs of verbs, in callbacks and between reads, on one connection. */
class ConnectionFuzzTest {
    private static final FuzzWiring[] WIRINGS = FuzzWiring.values();
    private static final int SHARE_OF_READS = 8; // of 16 steps

    private static SslContext server; // set before all tests
    private static SslContext client; // set before all tests
    private static LoggedFaults logged; // set before all tests

    @BeforeAll
    static void setUp(@TempDir Path folder) throws Exception {
        Tls tls = new Tls(folder);
        server = tls.server();
        client = tls.client();
        logged = LoggedFaults.collect(FuzzHandler.OwnFault.class.getSimpleName());
    }

    /** The input is the wiring, how the handler collects, the first terminator, the script of the callbacks, and the steps. */
    @FuzzTest(maxDuration = "5m")
    void verbsKeepTheContract(byte[] bytes) {
        FuzzInput input = new FuzzInput(bytes);
        FuzzWiring wiring = input.oneOf(WIRINGS);
        boolean gathers = input.nextBoolean();
        Terminator first = input.terminator();
        FuzzInput script = new FuzzInput(input.take(input.next(64)));
        FuzzConnection connection = new FuzzConnection(wiring, script, server, client);
        connection.connect(gathers, first);
        while (input.hasNext()) {
            step(connection, input);
        }
        connection.end();
        logged.check();
    }

    /** The input is the wiring, how the handler collects, the first terminator, the cut, the script of the frames, and the wire. */
    @FuzzTest(maxDuration = "5m")
    void framesDoNotDependOnTheCutOrTheWiring(byte[] bytes) {
        FuzzInput input = new FuzzInput(bytes);
        FuzzWiring wiring = input.oneOf(WIRINGS);
        boolean gathers = input.nextBoolean();
        Terminator first = input.terminator();
        Cut cut = Cut.of(input.next(256));
        byte[] script = input.take(input.next(64));
        byte[] wire = input.rest();
        String uncut = outcome(FuzzWiring.PLAIN, gathers, first, script, Cut.NONE.pieces(wire));
        FuzzAssertions.same(
                uncut, outcome(wiring, gathers, first, script, cut.pieces(wire)), "what comes of another cut");
        logged.check();
    }

    private static String outcome(
            FuzzWiring wiring, boolean gathers, Terminator first, byte[] script, List<byte[]> pieces) {
        FuzzConnection connection = new FuzzConnection(wiring, new FuzzInput(script), server, client);
        connection.performAtFrameEndsOnly();
        connection.connect(gathers, first);
        for (byte[] piece : pieces) {
            connection.peer().deliver(piece);
            connection.settle();
        }
        connection.peer().endInput();
        connection.end();
        return connection.outcome();
    }

    private static void step(FuzzConnection connection, FuzzInput input) {
        int kind = input.next(16);
        if (kind < SHARE_OF_READS) {
            connection.peer().deliver(input.take(1 + input.next(24)));
        } else {
            switch (kind) {
                case 8 -> connection.peer().endInput();
                case 9 -> connection.peer().disconnect();
                case 10 -> connection.pass(input.next(90));
                case 11 -> connection.runOneTask();
                default -> input.oneOf(FuzzVerb.ALL).perform(connection, connection.handler(), input, false);
            }
        }
        if (kind != 11) {
            connection.settle();
        }
    }
}
