/** What the demos share. */
@NullMarked
package io.asynchat.demo;

import org.jspecify.annotations.NullMarked;
