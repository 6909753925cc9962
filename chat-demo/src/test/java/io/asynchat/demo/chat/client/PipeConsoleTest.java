package io.asynchat.demo.chat.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asynchat.testkit.NoLeaks;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class PipeConsoleTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void linesAreSentInOrderHoweverTheyEnd() {
        assertThat(typed("login bob\nsay 你好\r\n\nsay \r \nlogout")).isEqualTo("login bob\nsay 你好\n\nsay \r \nlogout\n");
    }

    @Test
    void emptyInputIsNoLine() {
        assertThat(typed("")).isEmpty();
    }

    @Test
    void byteOrderMarkIsDroppedOnceAtTheStart() {
        assertThat(typed("\ufefflogin ann\n\ufeffsay hi\n")).isEqualTo("login ann\n\ufeffsay hi\n");
        assertThat(typed("\ufeff\ufeff\n")).isEqualTo("\ufeff\n");
    }

    @Test
    void bytesAreSentAsTheyAre() {
        Charset gbk = Charset.forName("GBK");
        assertThat(sent("say 你好\n", gbk)).isEqualTo("say 你好\n".getBytes(gbk));
    }

    @Test
    void lineLongerThanAnyServerTakesIsNotSent() {
        String longest = "x".repeat(PipeConsole.MAX_LINE);
        assertThat(typed(longest + "y\nsay hi\n" + longest + "\n" + longest + "zz"))
                .isEqualTo("say hi\n" + longest + "\n");
        assertThat(err.toString(UTF_8)).contains("a line of 65537 bytes", "a line of 65538 bytes");
    }

    @Test
    void whatIsShownIsUtf8() throws IOException {
        console(InputStream.nullInputStream()).show("bob : 你好");
        assertThat(out.toString(UTF_8)).isEqualTo("bob : 你好\n");
        assertThat(err.toString(UTF_8)).isEmpty();
    }

    @Test
    void noticesDoNotMixWithWhatIsShown() {
        console(InputStream.nullInputStream()).notice("connected again");
        assertThat(out.toString(UTF_8)).isEmpty();
        assertThat(err.toString(UTF_8)).isEqualTo("client: connected again" + System.lineSeparator());
    }

    @Test
    void outputThatNobodyReadsIsReported() {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        PipeConsole console =
                new PipeConsole(new ByteArrayInputStream(new byte[0]), broken, new PrintStream(err, true, UTF_8));
        assertThatThrownBy(() -> console.show("x")).isInstanceOf(IOException.class);
    }

    private String typed(String input) {
        return new String(sent(input, UTF_8), UTF_8);
    }

    private byte[] sent(String input, Charset charset) {
        AtomicInteger ends = new AtomicInteger(); // a line without its end reads the first one
        int last = input.isEmpty() || input.endsWith("\n") ? 1 : 2;
        InputStream in = new ByteArrayInputStream(input.getBytes(charset)) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                int read = super.read(into, offset, length);
                if (read < 0) {
                    ends.incrementAndGet(); // all that came before the last one is sent by now
                }
                return read;
            }
        };
        try (FakeNetwork network = new FakeNetwork(console(in))) {
            network.runUntil(() -> ends.get() >= last);
            return network.server().sentBytes();
        }
    }

    private PipeConsole console(InputStream in) {
        return new PipeConsole(in, out, new PrintStream(err, true, UTF_8));
    }
}
