package io.asynchat.cookbook;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import org.jspecify.annotations.Nullable;

/** A language server that knows no language: it starts, echoes the arguments of a command, and ends. */
final class LspServer {
    private static final Gson JSON = new GsonBuilder()
            .setStrictness(Strictness.STRICT)
            .serializeNulls()
            .disableHtmlEscaping()
            .create();

    private boolean shutDown; // by a request
    private boolean exited; // by a notification

    /** The answer to a message, null if it wants none. */
    @Nullable
    String answer(String content) {
        JsonElement message;
        try {
            message = JSON.fromJson(content, JsonElement.class);
        } catch (JsonParseException noJson) {
            message = null;
        }
        if (message == null) {
            return error(null, -32700, "Parse error");
        }
        if (!(message instanceof JsonObject request && request.has("method"))) {
            return error(null, -32600, "Invalid Request");
        }
        JsonElement id = request.get("id");
        String method = request.get("method").toString(); // with its quotes, if it is a string
        exited |= method.equals("\"exit\"");
        return id == null ? null : answer(id, method, request.get("params"));
    }

    private String answer(JsonElement id, String method, @Nullable JsonElement params) {
        if (shutDown) {
            return error(id, -32600, "Invalid Request: after shutdown");
        }
        return switch (method) {
            case "\"initialize\"" -> {
                JsonObject result = new JsonObject();
                result.add("capabilities", new JsonObject());
                yield reply(id, "result", result);
            }
            case "\"workspace/executeCommand\"" -> reply(id, "result", params == null ? JsonNull.INSTANCE : params);
            case "\"shutdown\"" -> {
                shutDown = true;
                yield reply(id, "result", JsonNull.INSTANCE);
            }
            default -> error(id, -32601, "Method not found");
        };
    }

    boolean hasExited() {
        return exited;
    }

    static String error(@Nullable JsonElement id, int code, String message) {
        JsonObject error = new JsonObject();
        error.addProperty("code", code);
        error.addProperty("message", message);
        return reply(id == null ? JsonNull.INSTANCE : id, "error", error);
    }

    private static String reply(JsonElement id, String name, JsonElement value) {
        JsonObject reply = new JsonObject();
        reply.addProperty("jsonrpc", "2.0");
        reply.add("id", id);
        reply.add(name, value);
        return JSON.toJson(reply);
    }
}
