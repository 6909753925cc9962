/** What the demos' command lines share. */
@NullMarked
package io.asynchat.demo.cli;

import org.jspecify.annotations.NullMarked;
