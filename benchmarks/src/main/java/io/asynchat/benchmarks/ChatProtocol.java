package io.asynchat.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** Commands of the load generator's clients: of the chat demo, or of NATS with the same text as payload. */
enum ChatProtocol {
    CHAT_DEMO {
        @Override
        byte[] login(String name) {
            return ("login " + name + "\n").getBytes(US_ASCII);
        }

        @Override
        byte[] say(String name, String text) {
            return ("say " + text + "\n").getBytes(US_ASCII);
        }
    },
    NATS {
        @Override
        byte[] login(String name) {
            return "CONNECT {\"verbose\":false}\r\nSUB room 1\r\n".getBytes(US_ASCII);
        }

        @Override
        byte[] say(String name, String text) {
            String payload = name + ": " + text + "\n"; // as the chat delivers it
            return ("PUB room " + payload.length() + "\r\n" + payload + "\r\n").getBytes(US_ASCII);
        }
    };

    abstract byte[] login(String name);

    abstract byte[] say(String name, String text);
}
