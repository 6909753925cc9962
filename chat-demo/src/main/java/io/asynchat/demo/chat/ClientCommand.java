package io.asynchat.demo.chat;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** The terminal client. */
@Command(name = "client", mixinStandardHelpOptions = true, description = "Talks to a chat server.")
final class ClientCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        System.err.println("client: not there yet");
        return 1;
    }
}
