package io.asynchat.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A response of the demo, which its peers return, too.
 *
 * @param fields header names and values in turn, without Date, Content-Length and Connection, which each server generates
 */
record HttpPage(List<String> fields, String body) {
    static final String FORM = "name=kongxx";

    /** Requests a page from a server: by GET, or by POST if there is a form. */
    static HttpPage of(int port, String form) throws IOException {
        String request = form.isEmpty() ? "GET / HTTP/1.1\r\n" : "POST / HTTP/1.1\r\n";
        String body = form.isEmpty()
                ? "\r\n"
                : "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " + form.length() + "\r\n\r\n"
                        + form;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            OutputStream out = socket.getOutputStream();
            out.write((request + "Host: localhost\r\nConnection: close\r\n" + body).getBytes(US_ASCII));
            return read(new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1)));
        }
    }

    private static HttpPage read(BufferedReader in) throws IOException {
        String status = in.readLine();
        if (!status.startsWith("HTTP/1.1 200")) {
            throw new IOException("response: " + status + " (expected: 200)");
        }
        List<String> fields = new ArrayList<>();
        for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
            String name = line.substring(0, line.indexOf(':'));
            if (!List.of("date", "content-length", "connection").contains(name.toLowerCase(Locale.ROOT))) {
                fields.add(name);
                fields.add(line.substring(name.length() + 1).strip());
            }
        }
        StringBuilder body = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
            body.append((char) c);
        }
        return new HttpPage(fields, body.toString());
    }

    void save(Path file) throws IOException {
        Files.writeString(file, String.join("\n", fields) + "\n\n" + body, ISO_8859_1);
    }

    static HttpPage load(Path file) throws IOException {
        String text = Files.readString(file, ISO_8859_1);
        int end = text.indexOf("\n\n");
        return new HttpPage(List.of(text.substring(0, end).split("\n", -1)), text.substring(end + 2));
    }
}
