package io.asynchat.cookbook;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.asynchat.AsyncChatHandler;
import io.asynchat.fuzz.Cut;
import io.asynchat.fuzz.Exchange;
import io.asynchat.fuzz.Exchange.Ending;
import io.asynchat.fuzz.FuzzAssertions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Wires of any bytes to the handlers of the cookbook. The first byte is the cut, the second the ending, the others are the wire. */
class CookbookFuzzTest {
    private static final List<Function<List<String>, AsyncChatHandler>> OTHERS = List.of(
            events -> new NatsHandler(new NatsBroker()),
            events -> new MemcachedHandler(new MemcachedCommands(new Store(1 << 12))),
            events -> new BeanstalkHandler(new BeanstalkQueue()),
            events -> new ImapHandler(new ImapSession(new ArrayList<>())),
            events -> new LspHandler(new LspServer()),
            events -> new NulThenLengthsHandler(events::add),
            events -> new SyslogHandler(events::add),
            events -> new WebSocketHandler(),
            events -> new SumHandler(),
            events -> new NetstringEcho());

    @FuzzTest(maxDuration = "5m")
    @DictionaryEntries({
        "*2\\x0d\\x0a$3\\x0d\\x0aGET\\x0d\\x0a$1\\x0d\\x0ak\\x0d\\x0a",
        "SET k ",
        "INCR k\\x0d\\x0a",
        "$-1\\x0d\\x0a"
    })
    void respAnswersDoNotDependOnTheCut(byte[] input) {
        compare(events -> new RespHandler(new RespCommands(new Store(1 << 12))), input);
    }

    @FuzzTest(maxDuration = "5m")
    @DictionaryEntries({
        "EHLO x\\x0d\\x0a",
        "MAIL FROM:<a@x>\\x0d\\x0a",
        "RCPT TO:<b@y>\\x0d\\x0a",
        "DATA\\x0d\\x0a",
        "\\x0d\\x0a.\\x0d\\x0a",
        "BDAT 3 LAST\\x0d\\x0a",
        "RSET\\x0d\\x0a",
        "QUIT\\x0d\\x0a"
    })
    void smtpAnswersDoNotDependOnTheCut(byte[] input) {
        compare(events -> new SmtpHandler(new SmtpSession(mail -> events.add(mail.toString()), null)), input);
    }

    @FuzzTest(maxDuration = "5m")
    @DictionaryEntries({
        "CONNECT\\x0aaccept-version:1.2\\x0ahost:h\\x0a\\x0a\\x00",
        "SUBSCRIBE\\x0aid:0\\x0adestination:/q\\x0a\\x0a\\x00",
        "SEND\\x0adestination:/q\\x0acontent-length:3\\x0a\\x0a",
        "DISCONNECT\\x0areceipt:1\\x0a\\x0a\\x00"
    })
    void stompAnswersDoNotDependOnTheCut(byte[] input) {
        compare(events -> new StompHandler(new StompBroker()), input);
    }

    /** The byte after the ending is the protocol. */
    @FuzzTest(maxDuration = "5m")
    @DictionaryEntries({
        "SUB a 1\\x0d\\x0aPUB a 2\\x0d\\x0ahi\\x0d\\x0a",
        "set k 0 0 2\\x0d\\x0ahi\\x0d\\x0aget k\\x0d\\x0a",
        "put 0 0 9 2\\x0d\\x0ahi\\x0d\\x0areserve\\x0d\\x0a",
        "a LOGIN {1}\\x0d\\x0ab {1}\\x0d\\x0ac\\x0d\\x0a",
        "Content-Length: 2\\x0d\\x0a\\x0d\\x0a{}",
        "2 hi",
        "5:hello,"
    })
    void otherAnswersDoNotDependOnTheCut(byte[] input) {
        if (input.length > 2) {
            byte[] rest = Arrays.copyOfRange(input, 1, input.length);
            rest[0] = input[0];
            rest[1] = input[1];
            compare(OTHERS.get((input[2] & 0xff) % OTHERS.size()), rest);
        }
    }

    private static void compare(Function<List<String>, AsyncChatHandler> handlers, byte[] input) {
        if (input.length < 2) {
            return;
        }
        byte[] wire = Arrays.copyOfRange(input, 2, input.length);
        Ending[] endings = Ending.values();
        Ending ending = endings[(input[1] & 0xff) % endings.length];
        Exchange uncut = exchange(handlers, wire, Cut.NONE, ending);
        FuzzAssertions.same(uncut, exchange(handlers, wire, Cut.of(input[0]), ending), "what comes of another cut");
    }

    private static Exchange exchange(
            Function<List<String>, AsyncChatHandler> handlers, byte[] wire, Cut cut, Ending ending) {
        List<String> events = new ArrayList<>();
        return Exchange.of(handlers.apply(events), wire, cut, ending, events);
    }
}
