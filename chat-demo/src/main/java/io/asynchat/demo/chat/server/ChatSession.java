package io.asynchat.demo.chat.server;

/**
 * A session of a client that speaks in lines.
 *
 * <p><b>Source.</b> The tutorial's {@code ChatSession}.
 */
final class ChatSession extends Session {
    private boolean first = true; // the next line is

    ChatSession(Context context) {
        super(context, LineCodec.LINES);
        setTerminator(context.line());
    }

    @Override
    protected void foundTerminator() {
        byte[] bytes = LineCodec.skipTelnetCommands(takeBytes());
        if (first) {
            first = false;
            bytes = LineCodec.skipByteOrderMark(bytes);
        }
        String line = LineCodec.decode(bytes);
        if (line == null) {
            reject(RejectReason.NOT_TEXT);
            notice("That was text neither in UTF-8 nor in GBK.");
        } else {
            handle(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
        }
    }
}
