package io.asynchat.cookbook;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asynchat.AsyncChatHandler;
import io.asynchat.FrameTooLongException;
import io.asynchat.Terminator;

/** The work queue of beanstalkd: {@code put}, {@code reserve}, {@code delete}, in one tube. */
final class BeanstalkHandler extends AsyncChatHandler {
    private static final Terminator LINE = Terminator.CRLF.atMost(222); // as beanstalkd, with the line end
    private static final Terminator END_OF_JOB = Terminator.CRLF.atMost(0);
    private static final int MAX_JOB = 65_535;

    private enum Reading {
        LINE,
        JOB,
        END_OF_JOB,
        END_OF_REFUSED_JOB
    }

    private final BeanstalkQueue queue;
    private Reading reading = Reading.LINE;

    BeanstalkHandler(BeanstalkQueue queue) {
        this.queue = queue;
        setTerminator(LINE);
    }

    @Override
    protected void foundTerminator() {
        switch (reading) {
            case LINE -> obey(takeText(US_ASCII).split(" ", -1));
            case JOB -> read(END_OF_JOB, Reading.END_OF_JOB); // stays gathered
            case END_OF_JOB -> {
                read(LINE, Reading.LINE);
                answer("INSERTED " + queue.put(takeBytes()));
            }
            case END_OF_REFUSED_JOB -> read(LINE, Reading.LINE);
        }
    }

    private void obey(String[] words) {
        switch (words[0] + "/" + words.length) {
            case "put/5" -> read(Terminator.parseLength(words[4]).atMost(MAX_JOB), Reading.JOB);
            case "reserve/1" -> queue.reserve(this);
            case "delete/2" -> answer(queue.delete(words[1]) ? "DELETED" : "NOT_FOUND");
            case "use/2" -> answer("USING " + words[1]);
            case "watch/2" -> answer("WATCHING 1");
            case "quit/1" -> closeWhenDone();
            default -> answer("UNKNOWN_COMMAND");
        }
    }

    private void read(Terminator upTo, Reading then) {
        reading = then;
        setTerminator(upTo);
    }

    private void answer(String line) {
        push(line + "\r\n", US_ASCII);
    }

    @Override
    protected void handleClose() {
        queue.release(this);
    }

    @Override
    protected void handleError(Throwable cause) throws Exception {
        if (!(cause instanceof FrameTooLongException)) {
            super.handleError(cause);
            return;
        }
        boolean tooBig = reading == Reading.JOB; // it is skipped, and what is read next begins behind it
        answer(tooBig ? "JOB_TOO_BIG" : reading == Reading.LINE ? "BAD_FORMAT" : "EXPECTED_CRLF");
        read(tooBig ? END_OF_JOB : LINE, tooBig ? Reading.END_OF_REFUSED_JOB : Reading.LINE);
    }
}
