package tiny;

import io.asynchat.AsyncChatHandler;
import io.asynchat.Terminator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;

/** Greets one line, with core and Netty as modules. */
public final class Main extends AsyncChatHandler {
    private Main() {
        setTerminator(Terminator.LF);
    }

    @Override
    protected void foundTerminator() {
        push("hello " + takeText(StandardCharsets.US_ASCII), StandardCharsets.US_ASCII);
    }

    public static void main(String[] args) {
        Module core = AsyncChatHandler.class.getModule();
        if (!core.isNamed() || core.getDescriptor().isAutomatic()) {
            throw new IllegalStateException("core: " + core + " (expected: a module with a descriptor of its own)");
        }
        EmbeddedChannel channel = new EmbeddedChannel(new Main());
        channel.writeInbound(Unpooled.copiedBuffer("tiny\n", StandardCharsets.US_ASCII));
        ByteBuf answer = channel.readOutbound();
        System.out.println(core.getName() + " says " + answer.toString(StandardCharsets.US_ASCII));
        answer.release();
    }
}
