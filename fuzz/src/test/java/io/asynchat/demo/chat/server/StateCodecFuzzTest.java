package io.asynchat.demo.chat.server;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.asynchat.fuzz.FuzzAssertions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;

/** States of a chat, of any bytes. */
class StateCodecFuzzTest {

    /** The input is the state of a snapshot. */
    @FuzzTest(maxDuration = "5m")
    void stateIsRestoredOrDamaged(byte[] input) {
        Metrics metrics = new Metrics(new SimpleMeterRegistry());
        Turn turn = new Turn(metrics, () -> 1);
        ChatState state = new ChatState(turn, metrics, () -> 1);
        try {
            StateCodec.restore(input, state, new LoginRoom("chat", state, turn));
        } catch (IOException damaged) {
            return;
        }
        int bytes = StateCodec.capture(state).get().length;
        FuzzAssertions.that(
                bytes > 0, () -> "an empty snapshot of " + state.users().names());
    }
}
