/** The tutorial: a server that greets by name whoever asks for a page. */
@NullMarked
package io.asynchat.demo.greeting;

import org.jspecify.annotations.NullMarked;
