package io.asynchat.demo.chat.server;

/**
 * One life of a process of the cluster. A node that the others have taken for dead begins a new incarnation.
 *
 * @param name a random number of the process
 * @param incarnation counts from 1; a new one ends those before it
 */
public record NodeId(long name, long incarnation) {}
