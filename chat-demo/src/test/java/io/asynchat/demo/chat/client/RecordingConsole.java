package io.asynchat.demo.chat.client;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Types nothing and keeps what it is shown. */
final class RecordingConsole implements Console {
    final List<String> shown = new ArrayList<>();
    final List<String> noticed = new ArrayList<>();
    int starts;
    boolean broken; // nothing can be shown

    @Override
    public void start(ClientSession session) {
        starts++;
    }

    @Override
    public void show(String line) throws IOException {
        if (broken) {
            throw new IOException("Broken pipe");
        }
        shown.add(line);
    }

    @Override
    public void notice(String text) {
        noticed.add(text);
    }

    @Override
    public void close() {}
}
