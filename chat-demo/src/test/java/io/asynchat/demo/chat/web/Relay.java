package io.asynchat.demo.chat.web;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A way between a browser and a server that can be cut so that the server does not notice. */
final class Relay implements AutoCloseable {
    private final int server;
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> clientSides = new CopyOnWriteArrayList<>();
    private final List<Socket> serverSides = new CopyOnWriteArrayList<>();

    Relay(int server) throws IOException {
        this.server = server;
        start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private static void start(Runnable pump) {
        Thread thread = new Thread(pump, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Socket to = new Socket(InetAddress.getLoopbackAddress(), server);
                clientSides.add(client);
                serverSides.add(to);
                start(() -> pump(client, to));
                start(() -> pump(to, client));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private static void pump(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException cut) {
            // the other side stays as it is
        }
    }

    /** Resets the connections of the browser; those to the server stay open. */
    void cut() throws IOException {
        for (Socket client : clientSides) {
            client.setSoLinger(true, 0);
            client.close();
        }
        clientSides.clear();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
        for (Socket to : serverSides) {
            to.close();
        }
    }
}
