package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.List;

/** Answers each line with itself, and records its events; the list is shared by connections and the test. */
class RecordingEchoHandler extends AsyncChatHandler {
    private final List<String> events;

    RecordingEchoHandler(List<String> events) {
        this.events = events;
        setTerminator(Terminator.LF);
    }

    @Override
    protected void handleConnect() throws Exception {
        events.add("connect");
    }

    @Override
    protected void foundTerminator() throws Exception {
        String line = takeText(US_ASCII);
        events.add(line);
        push(answerTo(line), US_ASCII);
    }

    /** Returns what is sent for a line. */
    protected String answerTo(String line) {
        return line + "\n";
    }

    @Override
    protected void handleTruncated() throws Exception {
        events.add("truncated " + takeText(US_ASCII));
    }

    @Override
    protected void handleEndOfInput() throws Exception {
        events.add("end");
        super.handleEndOfInput();
    }

    @Override
    protected void handleDrain() throws Exception {
        events.add("drain");
        super.handleDrain();
    }

    @Override
    protected void handleError(Throwable cause) throws Exception {
        events.add(cause.getClass().getSimpleName());
        super.handleError(cause);
    }

    @Override
    protected void handleClose() throws Exception {
        events.add("close");
    }
}
