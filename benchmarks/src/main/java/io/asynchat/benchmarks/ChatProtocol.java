package io.asynchat.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** How a client of the load generator speaks: the seed's protocol, or that of NATS with the same text as payload. */
enum ChatProtocol {
    CHAT_DEMO {
        @Override
        byte[] join(String name) {
            return ("login " + name + "\n").getBytes(US_ASCII);
        }

        @Override
        byte[] say(String name, String text) {
            return ("say " + text + "\n").getBytes(US_ASCII);
        }
    },
    NATS {
        @Override
        byte[] join(String name) {
            return "CONNECT {\"verbose\":false}\r\nSUB room 1\r\n".getBytes(US_ASCII);
        }

        @Override
        byte[] say(String name, String text) {
            String payload = name + ": " + text + "\n"; // what a chat would deliver
            return ("PUB room " + payload.length() + "\r\n" + payload + "\r\n").getBytes(US_ASCII);
        }
    };

    abstract byte[] join(String name);

    abstract byte[] say(String name, String text);
}
