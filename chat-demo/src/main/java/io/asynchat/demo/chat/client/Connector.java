package io.asynchat.demo.chat.client;

import io.asynchat.AsyncChatClient;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;

/** Connects to the one server, again and again. Tests have one without a network, whose clock they turn by hand. */
interface Connector extends AutoCloseable {
    Future<?> connect();

    /** Runs what comes from the connections, and what the session has to do. */
    EventExecutor executor();

    @Override
    void close();

    /** Owns the client. An address that is not resolved is looked up each time: a server that comes back may have moved. */
    static Connector to(InetSocketAddress address, AsyncChatClient<?> client) {
        return new Connector() {
            @Override
            public Future<?> connect() {
                return client.connect(address);
            }

            @Override
            public EventExecutor executor() {
                return client.executor();
            }

            @Override
            public void close() {
                client.close();
            }
        };
    }
}
