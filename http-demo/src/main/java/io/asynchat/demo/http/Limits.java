package io.asynchat.demo.http;

import io.asynchat.demo.codec.http.HeadLimits;
import java.time.Duration;

/**
 * The maximum sizes and times of a request.
 *
 * @param requestLine octets of the request line, line end not counted
 * @param head octets of the head, empty lines before it counted
 * @param fields field lines of the head, and of a trailer
 * @param body octets of the body, framing not counted
 * @param formFields fields of a form
 * @param held octets of the bodies of all connections together
 * @param headTime from the first octet of a head to its end; for the first head from the accept
 * @param bodyTime for a body, and one second more for each KiB of it
 * @param idleTime from a response to the first octet of the next head
 */
record Limits(
        int requestLine,
        int head,
        int fields,
        long body,
        int formFields,
        long held,
        Duration headTime,
        Duration bodyTime,
        Duration idleTime) {

    static final Limits DEFAULT = new Limits(
            8_192,
            32 << 10,
            100,
            1 << 20,
            256,
            16 << 20,
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30));

    HeadLimits headLimits() {
        return new HeadLimits(requestLine, head, fields, body);
    }
}
