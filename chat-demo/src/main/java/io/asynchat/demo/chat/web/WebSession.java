package io.asynchat.demo.chat.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asynchat.RateLimit;
import io.asynchat.demo.RejectionLog;
import io.asynchat.demo.chat.server.PageSession;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The session of a page: what a page sends is handled like the lines of a terminal.
 *
 * <p>A page sends {@code hello} first, then {@code login} until it has logged in, unless it has resumed a session, then {@code
 * line}s.
 */
final class WebSession extends PageSession implements FrameReader.Listener {
    /** A page answers at once; this many seconds without a frame mean that the page is gone. */
    private static final Duration PING_INTERVAL = Duration.ofSeconds(25);

    private static final int FRAME_PARTS = 3; // each a frame to the rate limit
    private static final int MAX_OVERHEAD = 1 << 10; // of a message, besides its text
    private static final Pattern CLIENT = Pattern.compile("[A-Za-z0-9_-]{16,64}");

    private final RejectionLog rejections;
    private final FrameReader frames;
    private final int maxLine;
    private @Nullable String client; // once it has said hello
    private boolean received; // something since the last ping
    private boolean closing; // a close frame is sent

    WebSession(Context context, JsonEncoding encoding, RejectionLog rejections) {
        super(context, encoding);
        this.rejections = rejections;
        maxLine = context.limits().line();
        frames = new FrameReader(this, 2L * maxLine + MAX_OVERHEAD); // a quotation mark in a text takes two bytes
        RateLimit lines = context.rate();
        setRateLimit(new RateLimit(parts(lines.perSecond()), parts(lines.burst()), parts(lines.perTurn())));
        setTerminator(FrameReader.FIRST_TWO);
    }

    private static int parts(int frames) {
        return (int) Math.min(Integer.MAX_VALUE, (long) frames * FRAME_PARTS);
    }

    @Override
    protected void connected() {
        setTimeout(PING_INTERVAL);
    }

    /** Pings, so that the way stays open, and a page that is gone is found. */
    @Override
    protected void handleTimeout() {
        if (!received) {
            end();
            return;
        }
        received = false;
        ByteBuf ping = channel().alloc().directBuffer(2);
        Frames.writeControl(Opcode.PING, new byte[0], ping);
        push(ping);
        setTimeout(PING_INTERVAL);
    }

    // ---- what the page sends

    @Override
    protected void foundTerminator() {
        received = true;
        try {
            setTerminator(frames.read(takeBytes()));
        } catch (WebSocketException broken) {
            close(broken.code());
        }
    }

    @Override
    public void onText(String text) {
        ClientMessage message = ClientMessage.parse(text);
        switch (message.t()) {
            case "hello" -> hello(message);
            case "login" -> login(message);
            case "line" -> line(message);
            default -> throw new WebSocketException(CloseCode.POLICY_VIOLATION, "an event that is not known");
        }
    }

    private void hello(ClientMessage message) {
        if (client != null
                || message.v() != JsonEncoding.VERSION
                || !CLIENT.matcher(message.client()).matches()) {
            throw new WebSocketException(CloseCode.POLICY_VIOLATION, "hello");
        }
        client = message.client();
        if (!message.token().isEmpty()) {
            startResume(message.client(), message.token(), message.after());
        }
    }

    private void login(ClientMessage message) {
        if (client == null) {
            throw new WebSocketException(CloseCode.POLICY_VIOLATION, "login before hello");
        }
        if (isLoggedOut()) {
            startLogin(client, message.name().strip());
        }
    }

    private void line(ClientMessage message) {
        String text = message.text();
        if (isLoggedOut()) {
            refuse(message.n(), "not-logged-in", "Log in first.");
        } else if (text.getBytes(UTF_8).length > maxLine) {
            refuse(message.n(), "line-too-long", "That line was too long.");
        } else if (text.isBlank() || text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
            refuse(message.n(), "not-a-line", "That is not one line of text.");
        } else {
            handle(text, message.n());
        }
    }

    private void refuse(long number, String reason, String text) {
        ByteBuf event = channel().alloc().directBuffer();
        JsonEncoding.writeRefused(number, reason, text, event);
        push(event);
    }

    @Override
    public void onPing(byte[] payload) {
        ByteBuf pong = channel().alloc().directBuffer(payload.length + 2);
        Frames.writeControl(Opcode.PONG, payload, pong);
        push(pong);
    }

    @Override
    public void onPong() {} // it was received

    @Override
    public void onClose(int code) {
        sendClose(code);
        endOfLines();
    }

    // ---- the end

    /** The peer has broken the protocol. */
    private void close(int code) {
        rejections.rejected(channel(), WebRejectReason.BROKEN_PROTOCOL);
        sendClose(code);
        endOfLines();
        end();
    }

    @Override
    protected void ending() {
        sendClose(CloseCode.NORMAL);
    }

    private void sendClose(int code) {
        if (!closing) {
            closing = true;
            ByteBuf close = channel().alloc().directBuffer(4);
            Frames.writeClose(code, close);
            push(close);
        }
    }
}
