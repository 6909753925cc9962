package io.asynchat.demo.http;

import java.time.Duration;

/**
 * What a request may cost.
 *
 * @param requestLine octets of a request line, without its end
 * @param head octets of a head, leading empty lines included
 * @param fields field lines of a head, and of a trailer
 * @param body octets of a body without its framing
 * @param formFields fields of a form
 * @param held octets of all the bodies that are held at a time
 * @param headTime from the first octet of a head to its end; the first from the accept on
 * @param bodyTime for a body, and a second more for each KiB of it
 * @param idleTime from an answer to the first octet of the next head
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
}
