/**
 * The chat in a browser: three static files over HTTP, and WebSocket sessions that speak in JSON.
 *
 * <pre>
 * socket → WebHandler (heads of requests) → files
 *                                         → WebSession (frames) → FrameReader → ClientMessage → Session.handle
 * </pre>
 *
 * <p>{@link io.asynchat.demo.chat.web.WebChat} makes the handlers. The events are those of docs/chat-web.md.
 */
@NullMarked
package io.asynchat.demo.chat.web;

import org.jspecify.annotations.NullMarked;
