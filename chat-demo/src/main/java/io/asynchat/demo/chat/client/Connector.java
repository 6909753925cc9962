package io.asynchat.demo.chat.client;

import io.asynchat.AsyncChatClient;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;

/** Connects to one server, any number of times. */
interface Connector extends AutoCloseable {
    Future<?> connect();

    /** The executor of the connections' callbacks and of the session. */
    EventExecutor executor();

    @Override
    void close();

    /** Returns a connector that owns the client. An unresolved address is looked up each time: a server may have moved. */
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
