/** Tools that test any Netty handler; they know Netty and nothing of asynchat. */
@NullMarked
package io.asynchat.testkit;

import org.jspecify.annotations.NullMarked;
