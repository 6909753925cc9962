/** Measures the framing, and servers built on it, beside what else one could take. Run by {@code benchmarks/run}. */
@NullMarked
package io.asynchat.benchmarks;

import org.jspecify.annotations.NullMarked;
