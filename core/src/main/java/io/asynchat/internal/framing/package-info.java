/**
 * The framing engine: cuts a stream of received buffers into frames and knows no channel, handler or pipeline.
 *
 * <p>Internal. The module does not export this package, and none of its types stands in a public signature of
 * {@code io.asynchat}; anything here may change in any version.
 */
@NullMarked
package io.asynchat.internal.framing;

import org.jspecify.annotations.NullMarked;
