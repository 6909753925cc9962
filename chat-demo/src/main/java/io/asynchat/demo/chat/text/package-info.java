/** Unicode text of other people, for server and client: what is shown as it is, and which names look alike. */
@NullMarked
package io.asynchat.demo.chat.text;

import org.jspecify.annotations.NullMarked;
