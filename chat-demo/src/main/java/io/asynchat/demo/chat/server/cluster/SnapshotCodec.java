package io.asynchat.demo.chat.server.cluster;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Snapshots as bytes: the version of the format, the nodes, then the chat's state. A change of the format changes the version. */
final class SnapshotCodec {
    static final int VERSION = 1;

    /** What a snapshot has. */
    @SuppressWarnings("ArrayRecordComponent") // none are compared
    record Parts(Nodes nodes, byte[] state) {}

    private SnapshotCodec() {}

    /** Copies the nodes at once; the state is encoded by the executor. */
    static CompletableFuture<byte[]> encode(Nodes nodes, Supplier<byte[]> state, Executor executor) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream to = new DataOutputStream(bytes)) {
            to.writeByte(VERSION);
            nodes.write(to);
        } catch (IOException impossible) { // in memory
            throw new UncheckedIOException(impossible);
        }
        return CompletableFuture.supplyAsync(
                () -> {
                    bytes.writeBytes(state.get());
                    return bytes.toByteArray();
                },
                executor);
    }

    /** Errors: {@link UnknownFormatException} if another version wrote it, or if it is damaged. */
    static Parts decode(byte[] snapshot) throws UnknownFormatException {
        if (snapshot.length == 0) {
            return new Parts(new Nodes(), snapshot);
        }
        try (DataInputStream from = new DataInputStream(new ByteArrayInputStream(snapshot))) {
            int version = from.readByte();
            if (version != VERSION) {
                throw UnknownFormatException.ofVersion(version, VERSION);
            }
            Nodes nodes = Nodes.read(from);
            return new Parts(nodes, from.readAllBytes());
        } catch (UnknownFormatException known) {
            throw known;
        } catch (IOException damaged) {
            throw new UnknownFormatException("damaged: " + damaged.getMessage());
        }
    }
}
