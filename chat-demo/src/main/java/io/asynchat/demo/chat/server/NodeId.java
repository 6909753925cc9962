package io.asynchat.demo.chat.server;

/**
 * One life of a process of the cluster. A node that starts again, or that the others have taken for dead, begins a new
 * incarnation; its session numbers begin again.
 */
record NodeId(String name, long incarnation) {}
