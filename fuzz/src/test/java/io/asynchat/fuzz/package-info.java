/** What fuzz tests share: the cut of an input, a connection without a socket, and programs of verbs. */
@NullMarked
package io.asynchat.fuzz;

import org.jspecify.annotations.NullMarked;
