package io.asynchat.cookbook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.AsyncChatServer;
import io.asynchat.cookbook.SmtpSession.Mail;
import io.asynchat.testkit.Conversation;
import io.asynchat.testkit.EveryCut;
import io.asynchat.testkit.NoLeaks;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import javax.net.ssl.KeyManagerFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(NoLeaks.class)
class SmtpHandlerTest {
    private static final String TO_BOB = "EHLO x\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\n";
    private static final String GREETING = "220 cookbook ESMTP\r\n";
    private static final String EXTENSIONS =
            "250-cookbook\r\n250-SIZE 1048576\r\n250-8BITMIME\r\n250-PIPELINING\r\n250 CHUNKING\r\n";
    private static final String READY = EXTENSIONS + "250 2.1.0 ok\r\n250 2.1.5 ok\r\n";
    private static final String GO_ON = "354 end with a dot on a line of its own\r\n";

    private static final String CLOSE = "close";

    /** All of this is answered and nothing else, and all of this happens, however the wire is cut. */
    private static void answers(String wire, String answer, String... happenings) {
        EveryCut.of(wire, ISO_8859_1)
                .through(transcript -> handler(mail -> transcript.event(mail.toString())))
                .expecting(transcript -> List.of(happenings).forEach(transcript::event))
                .expectingWritten(GREETING + answer, ISO_8859_1)
                .agrees();
    }

    private static void afterReady(String wire, String answer, String... happenings) {
        answers(TO_BOB + wire, READY + answer, happenings);
    }

    private static SmtpHandler handler(Consumer<Mail> mails) {
        return new SmtpHandler(new SmtpSession(mails, null));
    }

    /** That this is received for Bob. */
    private static String mail(String content) {
        return new Mail("a@x", List.of("b@y"), content).toString();
    }

    @Test
    void messageIsAcceptedAndItsDotsUnstuffed() {
        afterReady(
                "DATA\r\nSubject: x\r\n\r\n..\r\n..a\r\n.b\r\n\r\n.\r\nQUIT\r\nNOOP\r\n",
                GO_ON + "250 2.0.0 taken\r\n221 2.0.0 bye\r\n",
                mail("Subject: x\r\n\r\n.\r\n.a\r\nb\r\n\r\n"),
                CLOSE);
    }

    @Test
    void emptyMessageIsAccepted() {
        afterReady("DATA\r\n.\r\nNOOP\r\n", GO_ON + "250 2.0.0 taken\r\n250 2.0.0 ok\r\n", mail(""));
    }

    @Test
    void bdatChunksAreBytes() {
        afterReady(
                "BDAT 7\r\n.\r\nQUITBDAT 3 LAST\r\n\r\n\u00ffNOOP\r\n",
                "250 2.0.0 7 octets\r\n250 2.0.0 taken\r\n250 2.0.0 ok\r\n",
                mail(".\r\nQUIT\r\n\u00ff"));
    }

    @Test
    void emptyLastChunkEndsTheMessage() {
        afterReady("BDAT 2\r\nhiBDAT 0 LAST\r\n", "250 2.0.0 2 octets\r\n250 2.0.0 taken\r\n", mail("hi"));
        afterReady("bdat 0 last\r\nNOOP\r\n", "250 2.0.0 taken\r\n250 2.0.0 ok\r\n", mail(""));
    }

    @Test
    void chunksWithoutRecipientsAreDropped() {
        answers(
                "EHLO x\r\nBDAT 6 LAST\r\nQUIT\r\nNOOP\r\n",
                EXTENSIONS + "503 5.5.1 bad sequence of commands\r\n250 2.0.0 ok\r\n");
    }

    @Test
    void dotAfterABareLineFeedIsRefused() {
        afterReady(
                "DATA\r\na\n.\r\nMAIL FROM:<evil@x>\r\nb\r\n.\r\nNOOP\r\n",
                GO_ON + "550 5.6.0 a bare CR or LF\r\n250 2.0.0 ok\r\n");
    }

    @Test
    void lineAboveTheLimitRefusesTheMessage() {
        afterReady(
                "DATA\r\n" + "x".repeat(999) + "\r\nmore\r\n.\r\nNOOP\r\n",
                GO_ON + "500 5.6.0 a line is too long\r\n250 2.0.0 ok\r\n");
    }

    @Test
    void messageAboveTheLimitIsRefused() {
        String line = "x".repeat(998) + "\r\n";
        refuses("DATA\r\n" + line.repeat(1_049) + ".\r\nNOOP\r\n", GO_ON);
        refuses("BDAT 1048577\r\n" + "QUIT\r\n".repeat(174_762) + "QUIT\nNOOP\r\n", "");
        answers("EHLO x\r\nMAIL FROM:<a@x> SIZE=1048577\r\n", EXTENSIONS + "552 5.3.4 too much mail\r\n");
    }

    private static void refuses(String tooMuch, String first) {
        List<Mail> mails = new ArrayList<>();
        new Conversation()
                .sends(TO_BOB + tooMuch)
                .receives(GREETING + READY + first + "552 5.3.4 too much mail\r\n250 2.0.0 ok\r\n")
                .expectNothingElse()
                .playAgainst(() -> handler(mails::add));
        assertThat(mails).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'MAIL FROM:<a@x>',                    '503 5.5.1 bad sequence of commands'",
        "'HELO x|RCPT TO:<a@x>',               '250 cookbook|503 5.5.1 bad sequence of commands'",
        "'HELO x|DATA',                        '250 cookbook|503 5.5.1 bad sequence of commands'",
        "'HELO x|MAIL FROM: <>|MAIL FROM:<>',  '250 cookbook|250 2.1.0 ok|503 5.5.1 bad sequence of commands'",
        "'HELO x|MAIL FROM:<a|RCPT TO:<>',     '250 cookbook|501 5.5.4 expected MAIL FROM:<address>|501 5.5.4 expected RCPT TO:<address>'",
        "'HELO x|MAIL FROM:<a>|RSET|RCPT TO:<b>', '250 cookbook|250 2.1.0 ok|250 2.0.0 ok|503 5.5.1 bad sequence of commands'",
        "'FOO||VRFY x',                        '500 5.5.2 unknown command|500 5.5.2 unknown command|252 2.0.0 send it, and see'",
        "'STARTTLS|NOOP',                      '502 5.5.1 not offered|250 2.0.0 ok'",
    })
    void eachCommandHasItsPlace(String lines, String answers) {
        answers(lines.replace("|", "\r\n") + "\r\n", answers.replace("|", "\r\n") + "\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "'BDAT',         'BDAT: expected a size, and perhaps LAST'",
        "'BDAT 5 FIRST', 'BDAT: expected a size, and perhaps LAST'",
        "'BDAT -5',      'length: \"-5\" (expected: decimal, 0 to 9223372036854775807)'",
    })
    void unparsableChunkSizeCloses(String line, String reason) {
        answers(line + "\r\nNOOP\r\n", "501 5.5.4 " + reason + "\r\n", CLOSE);
    }

    @Test
    void commandAboveTheLimitIsSkipped() {
        answers("NOOP" + " ".repeat(507) + "\r\nNOOP\r\n", "500 5.5.6 line too long\r\n250 2.0.0 ok\r\n");
    }

    /** Every cut but the one right behind STARTTLS, which the next test is about. */
    @Test
    void textThatComesAlongWithStartTlsIsRefusedWhereverItIsCut(@TempDir Path folder) throws Exception {
        SslContext ssl = tls(folder);
        String startTls = "STARTTLS\r\n";
        String wire = startTls + "EHLO x\r\nMAIL FROM:<evil@x>\r\n";
        for (int cut = 0; cut <= wire.length(); cut += cut == startTls.length() - 1 ? 2 : 1) {
            new Conversation()
                    .sends(wire.substring(0, cut))
                    .sends(wire.substring(cut))
                    .receives(GREETING + "554 5.5.1 text after STARTTLS\r\n")
                    .expectClose()
                    .playAgainst(() -> new SmtpHandler(new SmtpSession(mail -> {}, ssl)));
        }
    }

    /** Over a socket: an embedded channel that SslHandler closes is torn down before the reason arrives. */
    @Test
    void textThatComesAfterTheAnswerToStartTlsIsABadHandshake(@TempDir Path folder) throws Exception {
        SslContext ssl = tls(folder);
        try (AsyncChatServer server = RealClient.serve(() -> new SmtpHandler(new SmtpSession(mail -> {}, ssl)))) {
            new Conversation()
                    .sends("STARTTLS\r\n")
                    .receives(GREETING + "220 2.0.0 go ahead\r\n")
                    .sends("EHLO x\r\nMAIL FROM:<evil@x>\r\n")
                    .expectClose()
                    .playAgainst(server.address());
        }
    }

    @Test
    @Tag("proof")
    void smtplibSendsToTheServer(@TempDir Path folder) throws Exception {
        List<Mail> received = new CopyOnWriteArrayList<>();
        SslContext ssl = tls(folder);
        try (AsyncChatServer server = RealClient.serve(() -> new SmtpHandler(new SmtpSession(received::add, ssl)))) {
            smtplibSendsTo(server, received);
        }
    }

    static void smtplibSendsTo(AsyncChatServer server, List<Mail> received) throws Exception {
        String said = RealClient.run("""
                    import smtplib, ssl, sys
                    with smtplib.SMTP("127.0.0.1", int(sys.argv[1]), local_hostname="here") as s:
                        print(s.ehlo()[0], sorted(s.esmtp_features))
                        print(s.starttls(context=ssl._create_unverified_context()))
                        print(s.sendmail("a@x", ["b@y", "c@y"], "Subject: hi\\r\\n\\r\\n.\\r\\n..dots\\r\\n"))
                        s.mail("a@x"); s.rcpt("b@y")
                        s.send(b"BDAT 5\\r\\n.\\r\\n\\xff\\0BDAT 0 LAST\\r\\n")
                        print(s.getreply(), s.getreply())
                        print(s.noop())
                    """, "python3", "-", "" + server.port());
        assertThat(said)
                .isEqualTo(
                        "250 ['8bitmime', 'chunking', 'pipelining', 'size', 'starttls']\n"
                                + "(220, b'2.0.0 go ahead')\n{}\n(250, b'2.0.0 5 octets') (250, b'2.0.0 taken')\n(250, b'2.0.0 ok')\n");
        assertThat(received)
                .containsExactly(
                        new Mail("a@x", List.of("b@y", "c@y"), "Subject: hi\r\n\r\n.\r\n..dots\r\n"),
                        new Mail("a@x", List.of("b@y"), ".\r\n\u00ff\0"));
    }

    static SslContext tls(Path folder) throws Exception {
        Path file = folder.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "s",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "changeit",
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .start();
        assertThat(keytool.getInputStream().readAllBytes()).isNotNull();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, "changeit".toCharArray());
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, "changeit".toCharArray());
        return SslContextBuilder.forServer(factory).build();
    }
}
