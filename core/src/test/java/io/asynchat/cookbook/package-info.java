/** Small protocols on core's public API, for the pages in {@code docs/cookbook}. */
@NullMarked
package io.asynchat.cookbook;

import org.jspecify.annotations.NullMarked;
