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

/** Chooses the response to a request: the form, the greeting, the style sheet, the health check, or files. One a server. */
class Router {
    private static final String HTML = "text/html; charset=utf-8";
    private static final String CACHED = "public, max-age=3600";

    /** The methods of RFC 9110, and PATCH; others are not implemented, rather than not allowed. */
    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE");

    private static final String READ = "GET, HEAD, OPTIONS";
    private static final String READ_AND_POST = "GET, HEAD, POST, OPTIONS";
    private static final String FILES_LINK = "\n<p><a href=\"" + StaticFiles.PREFIX + "\">Files</a></p>\n";

    private final Limits limits;
    private final @Nullable StaticFiles files;
    private final Template greeting = new Template(resource("greeting.html"));
    private final Response form;
    private final Response style = Response.of(
            HttpStatus.OK, resource("style.css").getBytes(UTF_8), "Content-Type", "text/css", "Cache-Control", CACHED);
    private final Response health = Response.of(
            HttpStatus.OK,
            "ok\n".getBytes(UTF_8),
            "Content-Type",
            "text/plain; charset=utf-8",
            "Cache-Control",
            "no-store");
    private final Response notFound = notFound();
    private final Response readOnly = methodNotAllowed(READ);
    private final Response readAndPostOnly = methodNotAllowed(READ_AND_POST);
    private final Response readOptions = Response.of(HttpStatus.NO_CONTENT, "Allow", READ);
    private final Response readAndPostOptions = Response.of(HttpStatus.NO_CONTENT, "Allow", READ_AND_POST);
    private final Map<HttpStatus, Response> errors = new EnumMap<>(HttpStatus.class);

    /** Serves no files if {@code files} is null. */
    Router(Limits limits, @Nullable StaticFiles files) {
        this.limits = limits;
        this.files = files;
        Template.Markup link = new Template.Markup(files == null ? "" : FILES_LINK);
        byte[] page = new Template(resource("form.html")).fill(Map.of("files", link));
        form = Response.of(HttpStatus.OK, page, "Content-Type", HTML);
        for (HttpStatus status : HttpStatus.values()) {
            if (status.code() >= 400) {
                errors.put(status, Response.of(status, errorPage(status), "Content-Type", HTML));
            }
        }
    }

    /** Returns whether the body of this request is kept; others are read and discarded. */
    boolean wantsBody(RequestHead head) {
        return head.method().equals("POST") && head.path().equals("/");
    }

    /** Returns the response to a request whose body need not be sent; null if the client may send it. */
    @Nullable
    Response respondBeforeBody(RequestHead head) {
        if (!wantsBody(head)) {
            return error(head);
        }
        checkType(head);
        return null;
    }

    /** Returns where the files are served; null if the request is for none of them, and {@link #respond} responds at once. */
    @Nullable
    StaticFiles files(RequestHead head) {
        boolean reads = head.method().equals("GET") || head.isHead();
        return files != null && reads && StaticFiles.isServed(head.path()) ? files : null;
    }

    /** Returns the response; {@code body} is valid up to {@code length}, and only if it is wanted. */
    Response respond(RequestHead head, byte[] body, int length) {
        Response error = error(head);
        if (error != null) {
            return error;
        }
        if (head.method().equals("OPTIONS")) {
            return mayPost(head) ? readAndPostOptions : readOptions;
        }
        return switch (head.path()) {
            case "/" -> head.method().equals("POST") && length > 0 ? greet(head, body, length) : form;
            case "/style.css" -> style;
            case "/healthz" -> health;
            default -> notFound;
        };
    }

    /** Returns the response to a request that is rejected. */
    Response rejection(RequestRejectReason reason) {
        return error(reason.status());
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
            default -> files != null && StaticFiles.isServed(path);
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

    static Response notFound() {
        return Response.of(HttpStatus.NOT_FOUND, resource("not-found.html").getBytes(UTF_8), "Content-Type", HTML);
    }

    private static Response methodNotAllowed(String methods) {
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
