package io.asynchat.demo.chat.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.asynchat.demo.chat.server.ChatEvent;
import io.asynchat.demo.chat.server.ChatEvent.Command;
import io.asynchat.demo.chat.server.NodeId;
import io.asynchat.demo.chat.server.cluster.LogEntry.Kind;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bytes of entries. */
class EntryCodecTest {
    private static final int COUNT_AT = 2 + 4 * Long.BYTES; // of the events
    private static final LogEntry ENTRY = new LogEntry(
            Kind.EVENTS,
            new NodeId(-7, 2),
            3,
            4,
            List.of(
                    new ChatEvent(5, Command.SAY, "hi \u00e9", "", "page", 6, null, 8),
                    new ChatEvent(9, Command.LOGIN, "Bob", "bob", null, 0, "token", -1)));

    @Test
    void entryIsDecodedAsItWasEncoded() throws Exception {
        assertThat(EntryCodec.decode(EntryCodec.encode(ENTRY))).isEqualTo(ENTRY);
    }

    @Test
    void entryThatEndsEarlyIsDamaged() {
        byte[] bytes = EntryCodec.encode(ENTRY);
        for (int length = 0; length < bytes.length; length++) {
            assertIsDamaged(Arrays.copyOf(bytes, length));
        }
    }

    @Test
    void entryWithBytesAfterItsEventsIsDamaged() {
        byte[] bytes = EntryCodec.encode(ENTRY);

        assertIsDamaged(Arrays.copyOf(bytes, bytes.length + 1));
        assertIsDamaged(ByteBuffer.wrap(bytes).putInt(COUNT_AT, 1).array());
    }

    @Test
    void negativeNumberOfEventsIsDamage() {
        byte[] bytes = EntryCodec.encode(LogEntry.begin(1));

        assertIsDamaged(ByteBuffer.wrap(bytes).putInt(COUNT_AT, -1).array());
    }

    @Test
    void unknownKindOrCommandIsDamage() {
        byte[] kind = EntryCodec.encode(ENTRY);
        kind[1] = -1;
        byte[] command = EntryCodec.encode(ENTRY);
        command[COUNT_AT + Integer.BYTES + Long.BYTES] = 9;

        assertIsDamaged(kind);
        assertIsDamaged(command);
    }

    @Test
    void entryOfAnotherVersionNamesBothVersions() {
        byte[] bytes = EntryCodec.encode(ENTRY);
        bytes[0] = 2;

        assertThatExceptionOfType(UnknownFormatException.class)
                .isThrownBy(() -> EntryCodec.decode(bytes))
                .withMessageStartingWith("format 2 (expected: 1;");
    }

    private static void assertIsDamaged(byte[] bytes) {
        assertThatExceptionOfType(UnknownFormatException.class)
                .isThrownBy(() -> EntryCodec.decode(bytes))
                .withMessageStartingWith("damaged: ");
    }
}
