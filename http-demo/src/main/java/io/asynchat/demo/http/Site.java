package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is served: the form, the page that greets, the style sheet, a sign of life, and files. One a server. */
class Site {
    private static final String HTML = "text/html; charset=utf-8";
    private static final String CACHED = "public, max-age=3600";

    /** The methods of RFC 9110 and PATCH; all else is not implemented rather than not allowed. */
    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE");

    private static final String READ = "GET, HEAD, OPTIONS";
    private static final String READ_AND_POST = "GET, HEAD, POST, OPTIONS";

    private final Limits limits;
    private final @Nullable Files files;
    private final Template greeting = new Template(resource("greeting.html"));
    private final Answer form = Answer.of(Status.OK, resource("form.html").getBytes(UTF_8), "Content-Type", HTML);
    private final Answer style = Answer.of(
            Status.OK, resource("style.css").getBytes(UTF_8), "Content-Type", "text/css", "Cache-Control", CACHED);
    private final Answer health = Answer.of(
            Status.OK,
            "ok\n".getBytes(UTF_8),
            "Content-Type",
            "text/plain; charset=utf-8",
            "Cache-Control",
            "no-store");
    private final Answer notFound =
            Answer.of(Status.NOT_FOUND, resource("not-found.html").getBytes(UTF_8), "Content-Type", HTML);
    private final Answer readOnly = notAllowed(READ);
    private final Answer readAndPostOnly = notAllowed(READ_AND_POST);
    private final Answer mayRead = Answer.of(Status.NO_CONTENT, "Allow", READ);
    private final Answer mayReadAndPost = Answer.of(Status.NO_CONTENT, "Allow", READ_AND_POST);
    private final Map<Status, Answer> errors = new EnumMap<>(Status.class);

    Site(Limits limits, @Nullable Files files) {
        this.limits = limits;
        this.files = files;
        for (Status status : Status.values()) {
            if (status.code() >= 400) {
                errors.put(status, Answer.of(status, errorPage(status), "Content-Type", HTML));
            }
        }
    }

    /** Whether the body of this request is looked at; others are read and dropped. */
    boolean wantsBody(RequestHead head) {
        return head.method().equals("POST") && head.path().equals("/");
    }

    /** Refuses what need not be read to be refused, before a client is told to send it; null if it may come. */
    @Nullable
    Answer beforeBody(RequestHead head) {
        if (!wantsBody(head)) {
            return error(head);
        }
        checkType(head);
        return null;
    }

    /** What the request gets; {@code body} is valid up to {@code length}, and only if it is wanted. */
    Answer answer(RequestHead head, byte[] body, int length) throws IOException {
        Answer error = error(head);
        if (error != null) {
            return error;
        }
        if (head.method().equals("OPTIONS")) {
            return mayPost(head) ? mayReadAndPost : mayRead;
        }
        return switch (head.path()) {
            case "/" -> head.method().equals("POST") && length > 0 ? greet(head, body, length) : form;
            case "/style.css" -> style;
            case "/healthz" -> health;
            default -> files == null ? notFound : files.answer(head, notFound);
        };
    }

    Answer refusal(Refusal refusal) {
        return error(refusal.status());
    }

    private @Nullable Answer error(RequestHead head) {
        String method = head.method();
        if (!METHODS.contains(method)) {
            return error(Status.NOT_IMPLEMENTED);
        }
        if (!exists(head.path())) {
            return notFound;
        }
        return switch (method) {
            case "GET", "HEAD", "OPTIONS" -> null;
            case "POST" -> mayPost(head) ? null : readOnly;
            default -> mayPost(head) ? readAndPostOnly : readOnly;
        };
    }

    private static boolean mayPost(RequestHead head) {
        return head.path().equals("/") || head.path().equals("*");
    }

    private boolean exists(String path) {
        return switch (path) {
            case "/", "*", "/style.css", "/healthz" -> true;
            default -> files != null && path.startsWith(Files.PREFIX);
        };
    }

    private static void checkType(RequestHead head) {
        String coding = head.fields().first("content-encoding");
        if (head.hasBody()
                && (!Form.isType(head.fields().first("content-type"))
                        || (coding != null && !coding.equalsIgnoreCase("identity")))) {
            throw new RefusedException(Refusal.MEDIA_TYPE);
        }
    }

    private Answer greet(RequestHead head, byte[] body, int length) {
        checkType(head);
        byte[] page = greeting.fill(Form.decode(body, length, limits.formFields()));
        return Answer.of(Status.OK, page, "Content-Type", HTML, "Cache-Control", "no-store");
    }

    private static Answer notAllowed(String methods) {
        byte[] page = errorPage(Status.METHOD_NOT_ALLOWED);
        return Answer.of(Status.METHOD_NOT_ALLOWED, page, "Content-Type", HTML, "Allow", methods);
    }

    private Answer error(Status status) {
        return Objects.requireNonNull(errors.get(status));
    }

    private static byte[] errorPage(Status status) {
        return new Template(resource("error.html")).fill(Map.of("code", status.code(), "reason", status.reason()));
    }

    static String resource(String name) {
        try (InputStream in = Site.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("resource: no " + name + " (expected: in the jar)");
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
