package io.asynchat.testkit;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.asynchat.fuzz.FuzzAssertions;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Scripts of any text. */
class TalkFuzzTest {
    private static final Pattern NAMES_ITS_LINE = Pattern.compile("line \\d+: .+", Pattern.DOTALL);

    /** The input is the script, in UTF-8. */
    @FuzzTest(maxDuration = "5m")
    @DictionaryEntries({
        "# lines end with \\\\r\\x0a",
        "# after 5m\\x0a",
        "# nothing else\\x0a",
        "# bob disconnects\\x0a",
        "# is closed\\x0a",
        "# ends input\\x0a",
        "bob > hi\\x0a",
        "<~ .*\\x0a",
        "<x 00 ??\\x0a",
        ">x 0a ff\\x0a"
    })
    void scriptIsParsedAndPlayedOrItsErrorNamesTheLine(byte[] input) {
        Conversation conversation;
        try {
            conversation = Conversation.parse(new String(input, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException malformed) {
            String message = malformed.getMessage();
            FuzzAssertions.that(
                    message != null && NAMES_ITS_LINE.matcher(message).matches(),
                    () -> "the message names no line: " + message);
            return;
        }
        try {
            conversation.playAgainst(EchoHandler::new);
        } catch (AssertionError expected) {
            // the echo is not what the script expects
        }
    }

    private static final class EchoHandler extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ctx.writeAndFlush(message);
        }
    }
}
