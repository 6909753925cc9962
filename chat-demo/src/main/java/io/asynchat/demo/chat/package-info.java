/** The chat server of the tutorial, hardened, and one terminal client for every system. */
@NullMarked
package io.asynchat.demo.chat;

import org.jspecify.annotations.NullMarked;
