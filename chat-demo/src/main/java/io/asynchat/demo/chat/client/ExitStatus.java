package io.asynchat.demo.chat.client;

import org.jspecify.annotations.Nullable;

/**
 * How the client ends.
 *
 * @param code the exit code
 * @param complaint a line for standard error; null if there is nothing to report
 */
public record ExitStatus(int code, @Nullable String complaint) {}
