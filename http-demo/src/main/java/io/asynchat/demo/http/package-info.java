/**
 * An HTTP/1.1 server on five terminators: blank line, Content-Length, chunk-size line, chunk, trailer line.
 *
 * <p>The way of a request: {@link io.asynchat.demo.http.HttpHandler} sets the terminator of each frame, {@link
 * io.asynchat.demo.codec.http.RequestHeadParser} parses the head by the rules of {@link
 * io.asynchat.demo.codec.http.HttpGrammar}, {@link io.asynchat.demo.http.Router} chooses a {@link
 * io.asynchat.demo.http.Response}, and {@link io.asynchat.demo.http.ResponseWriter} sends it. {@link
 * io.asynchat.demo.http.StaticFiles} looks files up on threads of its own.
 *
 * <p>{@link io.asynchat.demo.http.Template} is written by hand: a few pages with a few values need no expressions, no loops and
 * no reflection, and the smallest library that escapes by default is larger than this program.
 */
@NullMarked
package io.asynchat.demo.http;

import org.jspecify.annotations.NullMarked;
