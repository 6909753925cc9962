/**
 * Reads the heads of HTTP/1.1 requests for handlers that frame by {@link io.asynchat.Terminator#BLANK_LINE}.
 *
 * <p>{@link io.asynchat.demo.codec.http.RequestHeadParser} takes the bytes of a head and returns a {@link
 * io.asynchat.demo.codec.http.RequestHead}, or throws a {@link io.asynchat.demo.codec.http.BadRequestException} with one
 * {@link io.asynchat.demo.codec.http.RequestRejectReason}. {@link io.asynchat.demo.codec.http.HttpGrammar} has the rules.
 */
@NullMarked
package io.asynchat.demo.codec.http;

import org.jspecify.annotations.NullMarked;
