package quickstart;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asynchat.AsyncChatHandler;
import io.asynchat.Terminator;
import io.netty.buffer.ByteBuf;

/** Adds up numbers, with a bug: it takes the last piece of a line for the line. */
final class SumHandler extends AsyncChatHandler {
    private String line = "";
    private int sum;

    SumHandler() {
        setTerminator(Terminator.CRLF.atMost(80));
    }

    @Override
    protected void collectIncomingData(ByteBuf data) {
        line = data.toString(US_ASCII);
    }

    @Override
    protected void foundTerminator() {
        sum += Integer.parseInt(line.substring("add ".length()));
        push(sum + "\r\n", US_ASCII);
    }
}
