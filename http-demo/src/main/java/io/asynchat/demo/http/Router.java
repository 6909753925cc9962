package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asynchat.demo.codec.http.BadRequestException;
import io.asynchat.demo.codec.http.HttpStatus;
import io.asynchat.demo.codec.http.RequestHead;
import io.asynchat.demo.codec.http.RequestRejectReason;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is served: the form, the page that greets, the style sheet, a sign of life, and files. One a server. */
class Router {
    private static final String HTML = "text/html; charset=utf-8";
    private static final String CACHED = "public, max-age=3600";

    /** The methods of RFC 9110 and PATCH; all else is not implemented rather than not allowed. */
    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE");

    private static final String READ = "GET, HEAD, OPTIONS";
    private static final String READ_AND_POST = "GET, HEAD, POST, OPTIONS";

    private final Limits limits;
    private final @Nullable StaticFiles files;
    private final Template greeting = new Template(resource("greeting.html"));
    private final Response form =
            Response.of(HttpStatus.OK, resource("form.html").getBytes(UTF_8), "Content-Type", HTML);
    private final Response style = Response.of(
            HttpStatus.OK, resource("style.css").getBytes(UTF_8), "Content-Type", "text/css", "Cache-Control", CACHED);
    private final Response health = Response.of(
            HttpStatus.OK,
            "ok\n".getBytes(UTF_8),
            "Content-Type",
            "text/plain; charset=utf-8",
            "Cache-Control",
            "no-store");
    private final Response notFound =
            Response.of(HttpStatus.NOT_FOUND, resource("not-found.html").getBytes(UTF_8), "Content-Type", HTML);
    private final Response readOnly = notAllowed(READ);
    private final Response readAndPostOnly = notAllowed(READ_AND_POST);
    private final Response mayRead = Response.of(HttpStatus.NO_CONTENT, "Allow", READ);
    private final Response mayReadAndPost = Response.of(HttpStatus.NO_CONTENT, "Allow", READ_AND_POST);
    private final Map<HttpStatus, Response> errors = new EnumMap<>(HttpStatus.class);

    Router(Limits limits, @Nullable StaticFiles files) {
        this.limits = limits;
        this.files = files;
        for (HttpStatus status : HttpStatus.values()) {
            if (status.code() >= 400) {
                errors.put(status, Response.of(status, errorPage(status), "Content-Type", HTML));
            }
        }
    }

    /** Whether the body of this request is looked at; others are read and dropped. */
    boolean wantsBody(RequestHead head) {
        return head.method().equals("POST") && head.path().equals("/");
    }

    /** Refuses what need not be read to be refused, before a client is told to send it; null if it may come. */
    @Nullable
    Response beforeBody(RequestHead head) {
        if (!wantsBody(head)) {
            return error(head);
        }
        checkType(head);
        return null;
    }

    /** What the request gets; {@code body} is valid up to {@code length}, and only if it is wanted. */
    Response answer(RequestHead head, byte[] body, int length) throws IOException {
        Response error = error(head);
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

    Response refusal(RequestRejectReason refusal) {
        return error(refusal.status());
    }

    private @Nullable Response error(RequestHead head) {
        String method = head.method();
        if (!METHODS.contains(method)) {
            return error(HttpStatus.NOT_IMPLEMENTED);
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
            default -> files != null && path.startsWith(StaticFiles.PREFIX);
        };
    }

    private static void checkType(RequestHead head) {
        String coding = head.fields().first("content-encoding");
        if (head.hasBody()
                && (!Form.isType(head.fields().first("content-type"))
                        || (coding != null && !coding.equalsIgnoreCase("identity")))) {
            throw new BadRequestException(RequestRejectReason.UNSUPPORTED_MEDIA_TYPE);
        }
    }

    private Response greet(RequestHead head, byte[] body, int length) {
        checkType(head);
        byte[] page = greeting.fill(Form.decode(body, length, limits.formFields()));
        return Response.of(HttpStatus.OK, page, "Content-Type", HTML, "Cache-Control", "no-store");
    }

    private static Response notAllowed(String methods) {
        byte[] page = errorPage(HttpStatus.METHOD_NOT_ALLOWED);
        return Response.of(HttpStatus.METHOD_NOT_ALLOWED, page, "Content-Type", HTML, "Allow", methods);
    }

    private Response error(HttpStatus status) {
        return Objects.requireNonNull(errors.get(status));
    }

    private static byte[] errorPage(HttpStatus status) {
        return new Template(resource("error.html")).fill(Map.of("code", status.code(), "reason", status.reason()));
    }

    static String resource(String name) {
        try (InputStream in = Router.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("resource: no " + name + " (expected: in the jar)");
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
