/** Measures framing, and servers built on it, against alternatives and older builds. Run by {@code benchmarks/run}. */
@NullMarked
package io.asynchat.benchmarks;

import org.jspecify.annotations.NullMarked;
