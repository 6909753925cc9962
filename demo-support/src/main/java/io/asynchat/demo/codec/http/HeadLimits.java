package io.asynchat.demo.codec.http;

/**
 * The maximum sizes of a request head, and of the body that it announces.
 *
 * @param requestLine octets of the request line, line end not counted
 * @param head octets of the head, empty lines before it counted
 * @param fields field lines
 * @param body octets of the body, framing not counted
 */
public record HeadLimits(int requestLine, int head, int fields, long body) {}
