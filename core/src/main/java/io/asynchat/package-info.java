/** Streams read up to a terminator: the frame decoder, asynchat's handler, and the server and client that run it. */
@NullMarked
package io.asynchat;

import org.jspecify.annotations.NullMarked;
