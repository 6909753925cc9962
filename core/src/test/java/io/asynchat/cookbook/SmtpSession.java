package io.asynchat.cookbook;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asynchat.ChatStream;
import io.asynchat.Terminator;
import io.asynchat.Terminator.FixedLength;
import io.netty.channel.Channel;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a client has said so far in one SMTP connection, and what is answered. */
final class SmtpSession {
    /** A message that has been received; each character of its content stands for a byte. */
    record Mail(String sender, List<String> recipients, String content) {}

    private static final int MOST_BYTES = 1 << 20; // of a message
    private static final int MOST_RECIPIENTS = 100;
    private static final Pattern MAIL = Pattern.compile("(?i)MAIL FROM: ?<([^<>]*)>(?: SIZE=(\\d{1,18})| BODY=\\w+)*");
    private static final Pattern RCPT = Pattern.compile("(?i)RCPT TO: ?<([^<>]+)>");
    private static final Pattern BDAT = Pattern.compile("(?i)BDAT +(\\S+)( +LAST)?");
    private static final String GO_AHEAD = "220 2.0.0 go ahead";
    private static final String NO_TLS = "502 5.5.1 not offered";
    private static final String BAD_SEQUENCE = "503 5.5.1 bad sequence of commands";

    private final Consumer<Mail> mails;
    private final @Nullable SslContext ssl;
    private final List<String> recipients = new ArrayList<>();
    private final StringBuilder content = new StringBuilder();
    private boolean greeted;
    private boolean secure;
    private boolean over;
    private boolean inChunks;
    private boolean lastChunk; // BDAT has announced it
    private boolean chunkFollows; // BDAT has announced it, and it has not come yet
    private @Nullable String sender; // of the present transaction, if there is one
    private @Nullable String refusal; // of its content

    SmtpSession(Consumer<Mail> mails, @Nullable SslContext ssl) {
        this.mails = mails;
        this.ssl = ssl;
    }

    String answer(String line) {
        String verb = line.strip().split(" ", 2)[0].toUpperCase(Locale.ROOT);
        return switch (verb) {
            case "HELO", "EHLO" -> greet(verb);
            case "MAIL" -> begin(line.strip());
            case "RCPT" -> addRecipient(line.strip());
            case "RSET" -> reset("250 2.0.0 ok");
            case "NOOP" -> "250 2.0.0 ok";
            case "VRFY" -> "252 2.0.0 send it, and see";
            case "QUIT" -> {
                over = true;
                yield "221 2.0.0 bye";
            }
            default -> "500 5.5.2 unknown command";
        };
    }

    private String greet(String verb) {
        greeted = true;
        String extensions = "250-SIZE " + MOST_BYTES + "\r\n250-8BITMIME\r\n250-PIPELINING\r\n"
                + (ssl != null && !secure ? "250-STARTTLS\r\n" : "") + "250 CHUNKING";
        return reset(verb.equals("HELO") ? "250 cookbook" : "250-cookbook\r\n" + extensions);
    }

    private String begin(String line) {
        Matcher mail = MAIL.matcher(line);
        if (!mail.matches()) {
            return "501 5.5.4 expected MAIL FROM:<address>";
        }
        if (!greeted || sender != null) {
            return BAD_SEQUENCE;
        }
        if (mail.group(2) != null && Long.parseLong(mail.group(2)) > MOST_BYTES) {
            return "552 5.3.4 too much mail";
        }
        sender = mail.group(1);
        return "250 2.1.0 ok";
    }

    private String addRecipient(String line) {
        Matcher rcpt = RCPT.matcher(line);
        if (!rcpt.matches()) {
            return "501 5.5.4 expected RCPT TO:<address>";
        }
        if (sender == null || inChunks) {
            return BAD_SEQUENCE;
        }
        if (recipients.size() == MOST_RECIPIENTS) {
            return "452 4.5.3 too many recipients";
        }
        recipients.add(rcpt.group(1));
        return "250 2.1.5 ok";
    }

    String beginText(Runnable text) {
        if (recipients.isEmpty() || inChunks) {
            return BAD_SEQUENCE;
        }
        text.run();
        return "354 end with a dot on a line of its own";
    }

    /** Adds a line of the text as it was sent. Returns the reply after the last one, a dot, and null before it. */
    @Nullable
    String addLine(String line) {
        if (line.equals(".")) {
            return deliver();
        }
        if (line.indexOf('\r') >= 0 || line.indexOf('\n') >= 0) {
            refuse("550 5.6.0 a bare CR or LF"); // others might see an end there, and commands behind it
        }
        add((line.startsWith(".") ? line.substring(1) : line) + "\r\n");
        return null;
    }

    /** Returns the length of the chunk that BDAT announces. */
    FixedLength beginChunk(String line) {
        Matcher bdat = BDAT.matcher(line.strip());
        if (!bdat.matches()) {
            throw new CorruptedFrameException("BDAT: expected a size, and perhaps LAST");
        }
        chunkFollows = true;
        lastChunk = bdat.group(2) != null;
        return Terminator.parseLength(bdat.group(1)).atMost(MOST_BYTES - content.length());
    }

    /** Adds the chunk, and returns the reply. */
    String endChunk(String bytes) {
        chunkFollows = false;
        if (recipients.isEmpty()) {
            return BAD_SEQUENCE;
        }
        inChunks = true;
        add(bytes);
        if (lastChunk) {
            return deliver();
        }
        return refusal == null ? "250 2.0.0 " + bytes.length() + " octets" : refusal;
    }

    /** Returns the reply to a command or a chunk that is too long, and is skipped. */
    String refuseTooLong() {
        if (!chunkFollows) {
            return "500 5.5.6 line too long";
        }
        chunkFollows = false;
        return refuse("552 5.3.4 too much mail");
    }

    private void add(String bytes) {
        if (bytes.length() > MOST_BYTES - content.length()) {
            refuse("552 5.3.4 too much mail");
        } else if (refusal == null) {
            content.append(bytes);
        }
    }

    /** Refuses the content of the present transaction; the first reason counts. */
    String refuse(String reason) {
        content.setLength(0);
        refusal = refusal == null ? reason : refusal;
        return refusal;
    }

    private String deliver() {
        String reason = refusal;
        if (reason == null && sender != null) {
            mails.accept(new Mail(sender, List.copyOf(recipients), content.toString()));
        }
        return reset(reason == null ? "250 2.0.0 taken" : reason);
    }

    private String reset(String reply) {
        sender = null;
        refusal = null;
        inChunks = false;
        recipients.clear();
        content.setLength(0);
        return reply;
    }

    /** Text after STARTTLS must not count as sent under TLS (RFC 3207, 6). */
    String startTls(Channel channel, boolean hasText) {
        SslContext context = beginTls();
        if (context == null) {
            return NO_TLS;
        }
        if (hasText) {
            over = true;
            return "554 5.5.1 text after STARTTLS";
        }
        channel.pipeline()
                .addFirst(new SslHandler(context.newEngine(channel.alloc()), true)); // true: the reply is plain text
        return GO_AHEAD;
    }

    /** The same on a stream, with the reply. */
    void startTls(ChatStream stream) throws Exception {
        SslContext context = beginTls();
        stream.write((context == null ? NO_TLS : GO_AHEAD) + "\r\n", US_ASCII);
        if (context != null) {
            stream.startTls(context);
        }
    }

    /** What was said in plain text is forgotten. */
    private @Nullable SslContext beginTls() {
        if (ssl == null || secure) {
            return null;
        }
        secure = true;
        greeted = false;
        reset(GO_AHEAD);
        return ssl;
    }

    boolean isOver() {
        return over;
    }
}
