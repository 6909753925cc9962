package io.asynchat.benchmarks;

import java.io.IOException;
import java.util.List;

/**
 * Servers that are measured as one.
 *
 * @param members the servers that clients connect to
 * @param backend what these need: their Redis; its CPU time counts
 */
record ServerGroup(String name, List<Server> members, List<Server> backend) implements CpuTimes, AutoCloseable {
    private interface Time {
        double of(Server server) throws IOException;
    }

    List<Integer> ports() {
        return members.stream().map(Server::port).toList();
    }

    @Override
    public double cpuSeconds() throws IOException {
        return sum(Server::cpuSeconds);
    }

    @Override
    public double compilerSeconds() throws IOException {
        return sum(Server::compilerSeconds);
    }

    @Override
    public double totalCpuSeconds() throws IOException {
        return sum(Server::totalCpuSeconds);
    }

    private double sum(Time time) throws IOException {
        double sum = 0;
        for (Server server : members) {
            sum += time.of(server);
        }
        for (Server server : backend) {
            sum += time.of(server);
        }
        return sum;
    }

    @Override
    public void close() {
        members.forEach(Server::close);
        backend.forEach(Server::close);
    }
}
