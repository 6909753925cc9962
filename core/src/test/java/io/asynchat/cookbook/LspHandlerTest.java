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
    private static final String EXIT = framed("{\"method\":\"exit\"}");

    private static LspHandler handler() {
        return new LspHandler(new LspServer());
    }

    private static String answer(String wire) {
        return Answers.to(wire, LspHandlerTest::handler);
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
    void itStartsAnswersAndEnds() {
        assertThat(answer(framed("{\"id\":1,\"method\":\"initialize\"}")
                        + framed("{\"method\":\"initialized\"}")
                        + framed("{\"id\":2,\"method\":\"shutdown\"}")
                        + framed(echo(3, "[]"))
                        + EXIT
                        + EXIT))
                .isEqualTo(result(1, "{\"capabilities\":{}}") + result(2, "null")
                        + error("3", -32600, "Invalid Request: after shutdown") + "<closed>");
    }

    @Test
    void lengthsAreBytesAndNotCharacters() {
        assertThat(answer(framed(echo(1, "[\"\u674e\ud83d\ude00\"]")) + framed(echo(2, "[]"))))
                .isEqualTo(result(1, "[\"\u674e\ud83d\ude00\"]") + result(2, "[]"));
    }

    @Test
    void fieldsComeInAnyOrderAndCase() {
        assertThat(answer("content-type: application/vscode-jsonrpc; charset=utf-8\r\nCONTENT-LENGTH:2\r\n\r\n{}"))
                .isEqualTo(error("null", -32600, "Invalid Request"));
        assertThat(answer("Content-Length: 2\r\nContent-Type: application/vscode-jsonrpc; charset=utf8\r\n\r\n{}"))
                .isEqualTo(error("null", -32600, "Invalid Request"));
    }

    @ParameterizedTest
    @CsvSource({
        "'',-32700,Parse error",
        "'{',-32700,Parse error",
        "'[]',-32600,Invalid Request",
        "'{\"id\":1}',-32600,Invalid Request",
        "'{method:1}',-32700,Parse error"
    })
    void contentThatIsNoRequestIsToldAndTheNextOneRead(String content, int code, String message) {
        assertThat(answer(framed(content) + framed(echo(2, "[]"))))
                .isEqualTo(error("null", code, message) + result(2, "[]"));
    }

    @Test
    void anUnknownMethodIsToldToWhoAsksAndIgnoredInANotification() {
        assertThat(answer(framed("{\"id\":\"a\",\"method\":\"x\"}") + framed("{\"method\":\"x\"}")))
                .isEqualTo(error("\"a\"", -32601, "Method not found"));
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
    void aHeadThatIsNoneIsToldAndEndsTheConversation(String head, String reason) {
        assertThat(answer(head.replace("|", "\r\n") + "\r\n\r\n{}" + EXIT))
                .isEqualTo(error("null", -32700, reason) + "<closed>");
    }

    @Test
    void headsAndContentsAreBounded() {
        assertThat(answer("Content-Length: 4194305\r\n\r\n")).contains("-32700", "4194304");
        assertThat(answer("Content-Length: 9223372036854775807\r\n\r\n")).contains("-32700");
        assertThat(Answers.toUncut("X: " + "x".repeat(1_024), LspHandlerTest::handler))
                .contains("-32700", "1024");
    }

    @Test
    @Tag("proof")
    void theJsonRpcOfPythonLspServerTalksToIt() throws Exception {
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
