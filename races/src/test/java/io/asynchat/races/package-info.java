/** Several threads at once, each step of which Fray schedules. */
@NullMarked
package io.asynchat.races;

import org.jspecify.annotations.NullMarked;
