package io.asynchat.demo.chat.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.asynchat.demo.chat.web.PageFiles.PageFile;
import io.asynchat.demo.codec.http.GetHandler;
import io.asynchat.demo.codec.http.HttpStatus;
import io.asynchat.demo.codec.http.RequestHead;
import io.asynchat.demo.codec.http.RequestRejectReason;

/** Serves the page's files, and lets a {@link WebSession} take its place when the page opens its WebSocket. */
final class WebHandler extends GetHandler {
    private static final String[] FIELDS = {
        "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options: nosniff",
        "Referrer-Policy: no-referrer",
        "Cross-Origin-Resource-Policy: same-origin",
        "Cache-Control: no-cache",
    };

    private final WebChat web;

    WebHandler(WebChat web) {
        this.web = web;
    }

    @Override
    protected void handleGet(RequestHead head) {
        String host = head.fields().first("host");
        if (host == null || !web.origins().isHostAllowed(host)) {
            forbid(WebRejectReason.HOST_NOT_ALLOWED, "Open the chat by its address, or start it with --web-origin.\n");
        } else if (!web.origins().isOriginAllowed(head.fields().joined("origin"), host)) {
            forbid(WebRejectReason.ORIGIN_NOT_ALLOWED, "Pages of this origin may not connect.\n");
        } else if (head.path().equals("/chat")) {
            openSession(head);
        } else {
            respondFile(head.path());
        }
    }

    private void forbid(WebRejectReason reason, String text) {
        web.rejections().rejected(channel(), reason);
        respond(HttpStatus.FORBIDDEN, text, FIELDS);
    }

    private void openSession(RequestHead head) {
        if (Handshake.isValid(head)) {
            push(Handshake.response(head), ISO_8859_1);
            clearTimeout();
            channel().pipeline().replace(this, null, web.newSession(channel()));
        } else {
            respond(
                    HttpStatus.UPGRADE_REQUIRED,
                    "Here is a WebSocket.\n",
                    "Upgrade: websocket",
                    "Sec-WebSocket-Version: 13");
        }
    }

    private void respondFile(String path) {
        PageFile file = web.files().find(path);
        if (file != null) {
            respond(HttpStatus.OK, file.type(), file.content(), FIELDS);
        } else if (path.equals("/favicon.ico")) {
            respond(HttpStatus.NO_CONTENT, "", "Cache-Control: max-age=86400");
        } else {
            respond(HttpStatus.NOT_FOUND, "The chat is at /\n", FIELDS);
        }
    }

    @Override
    protected void rejected(RequestRejectReason reason) {
        web.rejections().rejected(channel(), reason);
    }
}
