/** A terminal client for chat servers that speak in lines. */
@NullMarked
package io.asynchat.demo.chat.client;

import org.jspecify.annotations.NullMarked;
