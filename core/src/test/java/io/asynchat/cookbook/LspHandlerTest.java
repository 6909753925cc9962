package io.asynchat.cookbook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.AsyncChatServer;
import io.asynchat.testkit.NoLeaks;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(NoLeaks.class)
class LspHandlerTest {
    private static final Dialogue LSP = new Dialogue(LspHandlerTest::handler);
    private static final String EXIT = framed("{\"method\":\"exit\"}");

    private static LspHandler handler() {
        return new LspHandler(new LspServer());
    }

    /** Each character of the result stands for a byte. */
    private static String framed(String content) {
        String bytes = new String(content.getBytes(UTF_8), ISO_8859_1);
        return "Content-Length: " + bytes.length() + "\r\n\r\n" + bytes;
    }

    private static String echo(int id, String params) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"workspace/executeCommand\",\"params\":" + params
                + "}";
    }

    private static String result(int id, String result) {
        return framed("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}");
    }

    private static String error(String id, int code, String message) {
        return framed("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"error\":{\"code\":" + code + ",\"message\":\"" + message
                + "\"}}");
    }

    @Test
    void sessionStartsRepliesAndEnds() {
        LSP.answersAndCloses(
                framed("{\"id\":1,\"method\":\"initialize\"}")
                        + framed("{\"method\":\"initialized\"}")
                        + framed("{\"id\":2,\"method\":\"shutdown\"}")
                        + framed(echo(3, "[]"))
                        + EXIT
                        + EXIT,
                result(1, "{\"capabilities\":{}}")
                        + result(2, "null")
                        + error("3", -32600, "Invalid Request: after shutdown"));
    }

    @Test
    void lengthsAreBytesAndNotCharacters() {
        LSP.answers(
                framed(echo(1, "[\"\u674e\ud83d\ude00\"]")) + framed(echo(2, "[]")),
                result(1, "[\"\u674e\ud83d\ude00\"]") + result(2, "[]"));
    }

    @Test
    void fieldsComeInAnyOrderAndCase() {
        LSP.answers(
                "content-type: application/vscode-jsonrpc; charset=utf-8\r\nCONTENT-LENGTH:2\r\n\r\n{}",
                error("null", -32600, "Invalid Request"));
        LSP.answers(
                "Content-Length: 2\r\nContent-Type: application/vscode-jsonrpc; charset=utf8\r\n\r\n{}",
                error("null", -32600, "Invalid Request"));
    }

    @ParameterizedTest
    @CsvSource({
        "'',-32700,Parse error",
        "'{',-32700,Parse error",
        "'[]',-32600,Invalid Request",
        "'{\"id\":1}',-32600,Invalid Request",
        "'{method:1}',-32700,Parse error"
    })
    void invalidContentIsReportedAndTheNextOneRead(String content, int code, String message) {
        LSP.answers(framed(content) + framed(echo(2, "[]")), error("null", code, message) + result(2, "[]"));
    }

    @Test
    void unknownMethodIsAnErrorOfARequestAndIgnoredInANotification() {
        LSP.answers(
                framed("{\"id\":\"a\",\"method\":\"x\"}") + framed("{\"method\":\"x\"}"),
                error("\"a\"", -32601, "Method not found"));
    }

    @ParameterizedTest
    @CsvSource({
        "'Content-Type: x',                        'Content-Length: missing'",
        "'Content-Length: 2|Content-Length: 2',    'Content-Length: twice (expected: once)'",
        "'Content-Length: -2',                     'length: \\\"-2\\\" (expected: decimal, 0 to 9223372036854775807)'",
        "'Content-Length: 2 2',                    'length: \\\"2 2\\\" (expected: decimal, 0 to 9223372036854775807)'",
        "'Content-Length : 2',                     'head: a line that is no field'",
        "' Content-Length: 2',                     'head: a line that is no field'",
        "'Content-Length: 2|Content-Type: x; charset=utf-16', 'Content-Type: another charset (expected: utf-8)'",
    })
    void invalidHeadIsReportedAndCloses(String head, String reason) {
        LSP.answersAndCloses(head.replace("|", "\r\n") + "\r\n\r\n{}" + EXIT, error("null", -32700, reason));
    }

    @Test
    void headsAndContentsAreBounded() {
        LSP.answersLikeAndCloses("Content-Length: 4194305\r\n\r\n", "(?s).*-32700.*4194304.*}");
        LSP.answersLikeAndCloses("Content-Length: 9223372036854775807\r\n\r\n", "(?s).*-32700.*}");
        LSP.answersLikeAndCloses("X: " + "x".repeat(1_024), "(?s).*-32700.*1024.*}");
    }

    @Test
    @Tag("proof")
    void pythonLspJsonRpcTalksToTheServer() throws Exception {
        try (AsyncChatServer server = RealClient.serve(LspHandlerTest::handler)) {
            assertThat(RealClient.runPython("pylsp_jsonrpc", """
                            import socket, sys, threading
                            from pylsp_jsonrpc.endpoint import Endpoint
                            from pylsp_jsonrpc.streams import JsonRpcStreamReader, JsonRpcStreamWriter
                            s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
                            endpoint = Endpoint({}, JsonRpcStreamWriter(s.makefile("wb")).write)
                            reader = JsonRpcStreamReader(s.makefile("rb"))
                            threading.Thread(target=reader.listen, args=(endpoint.consume,), daemon=True).start()
                            print(endpoint.request("initialize", {}).result(10))
                            print(ascii(endpoint.request("workspace/executeCommand", ["\\u674e\\U0001f600"]).result(10)))
                            print(endpoint.request("shutdown").result(10))
                            endpoint.notify("exit")
                            endpoint.shutdown()
                            """, "" + server.port()))
                    .isEqualTo("{'capabilities': {}}\n['\\u674e\\U0001f600']\nNone\n");
        }
    }
}
