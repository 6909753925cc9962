/** The tutorial: a server that answers a request for a page with a greeting. */
@NullMarked
package io.asynchat.demo.greeting;

import org.jspecify.annotations.NullMarked;
