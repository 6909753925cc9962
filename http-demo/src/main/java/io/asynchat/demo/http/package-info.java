/**
 * An HTTP/1.1 server on five terminators: blank line, Content-Length, chunk-size line, chunk, trailer line.
 *
 * <p>The way of a request: {@link io.asynchat.demo.http.HttpHandler} says what ends the next frame, {@link
 * io.asynchat.demo.codec.http.RequestHeadParser} reads the head by the rules in {@link io.asynchat.demo.codec.http.HttpGrammar}, {@link
 * io.asynchat.demo.http.Router} decides what goes back, an {@link io.asynchat.demo.http.Response}.
 *
 * <p>{@link io.asynchat.demo.http.Template} is our own: three pages with four values between them need no expressions, no
 * loops and no reflection, and the smallest library that escapes by itself is larger than this program.
 */
@NullMarked
package io.asynchat.demo.http;

import org.jspecify.annotations.NullMarked;
