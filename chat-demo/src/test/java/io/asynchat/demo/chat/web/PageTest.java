package io.asynchat.demo.chat.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.asynchat.demo.chat.Program;
import io.asynchat.demo.chat.web.Browser.Tab;
import io.asynchat.testkit.JvmProcess;
import io.asynchat.testkit.SocketPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in Chromium, as its users see it. */
class PageTest {
    private static final Duration LONG = Duration.ofSeconds(40);
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final String LOG = "document.getElementById('log').innerText";
    private static final String CONNECTION = "document.getElementById('connection').textContent";
    private static final String WAITING = "document.getElementById('waiting').innerText";

    private static Browser browser;

    private ChatPorts chat;

    @BeforeAll
    static void startBrowser(@TempDir Path profile) throws IOException {
        browser = Browser.start(profile, "--host-resolver-rules=MAP evil.example 127.0.0.1", "--lang=en-US");
    }

    @AfterAll
    static void closeBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void startChat() throws IOException {
        chat = new ChatPorts();
    }

    @AfterEach
    void closeChat() {
        browser.closeTabs();
        chat.close();
    }

    // ---- what users do

    private Tab open(String name, int atPort) throws Exception {
        Tab tab = browser.open("http://127.0.0.1:" + atPort + "/");
        tab.focus(true);
        awaitTrue(tab, "document.activeElement?.id === 'name'");
        tab.enter(name);
        awaitTrue(tab, CONNECTION + " === 'Connected as " + name + ".'");
        awaitTrue(tab, "document.activeElement?.id === 'line'");
        return tab;
    }

    private Tab open(String name) throws Exception {
        return open(name, chat.webPort());
    }

    /** Waits; while a page loads, it has no elements. */
    private static void awaitTrue(Tab tab, String expression) {
        await().ignoreExceptions()
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertThat(tab.value(expression))
                        .as("%s; the page: %s", expression, tab.value("document.body.innerText"))
                        .isEqualTo("true"));
    }

    private static void awaitText(Tab tab, String expression, String text) {
        await().ignoreExceptions()
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertThat(tab.value(expression)).contains(text));
    }

    private static int count(Tab tab, String text) throws Exception {
        return tab.value(LOG).split(Pattern.quote(text), -1).length - 1;
    }

    private static String line(SocketPeer peer) throws IOException {
        return new String(peer.readLine().getBytes(StandardCharsets.ISO_8859_1), UTF_8);
    }

    private static void awaitLine(SocketPeer peer, String expected) throws IOException {
        String line = line(peer);
        while (!line.equals(expected)) {
            line = line(peer);
        }
    }

    // ---- talk

    @Test
    void twoPagesAndATerminalTalk() throws Exception {
        Tab ann = open("ann");
        ann.enter("你好 😀 <b>&\" <img src=x onerror=alert(1)>");
        try (SocketPeer carl = chat.terminal("carl")) {
            carl.send("say from a terminal\n");
            awaitText(ann, LOG, "from a terminal");
            Tab bob = open("bob"); // sees what was said before it came
            awaitText(bob, LOG, "你好 😀 <b>&\" <img src=x onerror=alert(1)>");
            assertThat(bob.value("document.querySelectorAll('#log b, #log img').length"))
                    .isEqualTo("0");
            bob.enter("/me waves at Ann!");
            awaitLine(carl, "* bob waves at Ann!");
            awaitTrue(ann, "document.querySelector('.action.mention') !== null");
            awaitTrue(ann, "document.querySelectorAll('#members li').length === 3");
            ann.enter("/tell bob psst");
            awaitTrue(bob, "document.querySelector('.tell')?.innerText.includes('psst')");
            carl.send("logout\n");
            awaitText(ann, LOG, "carl has left the room.");
            assertThat(ann.value("document.querySelector('.day') !== null")).isEqualTo("true");
            assertThat(ann.complaints()).isEmpty();
            assertThat(bob.complaints()).isEmpty();
        }
    }

    @Test
    void unreadLinesAreCountedAndMarkedAndTheScrollIsNotMoved() throws Exception {
        Tab ann = open("ann");
        ann.show(500, 400, "light");
        Tab bob = open("bob");
        for (int i = 0; i < 20; i++) {
            bob.enter("line " + i);
        }
        awaitText(ann, LOG, "line 19");
        ann.value("document.hasFocus = () => false");
        ann.value("document.getElementById('log').scrollTop = 40");
        bob.enter("first unread");
        bob.enter("second unread");
        awaitTrue(ann, "document.title.startsWith('(2) main')");
        assertThat(ann.value("document.getElementById('newest').textContent")).isEqualTo("2 new messages");
        assertThat(ann.value("document.getElementById('log').scrollTop")).isEqualTo("40");
        assertThat(ann.value("document.querySelector('.marker').nextElementSibling.innerText"))
                .contains("first unread");
        ann.value("document.hasFocus = () => true");
        ann.value("document.getElementById('newest').click()");
        awaitTrue(ann, "document.title.startsWith('main') && document.getElementById('newest').hidden");
    }

    @Test
    void keyboardAloneDoesEverything() throws Exception {
        Tab ann = open("ann");
        Tab bob = open("bob");
        open("bobby");
        awaitTrue(bob, "document.querySelectorAll('#members li').length === 3");
        bob.type("ANN");
        bob.press("Tab");
        assertThat(bob.value("document.getElementById('line').value")).isEqualTo("ann: ");
        bob.enter("hi");
        awaitText(ann, LOG, "ann: hi");
        ann.type("hello bo");
        ann.press("Tab");
        assertThat(ann.value("document.getElementById('line').value")).isEqualTo("hello bob ");
        ann.press("Tab");
        assertThat(ann.value("document.getElementById('line').value")).isEqualTo("hello bobby ");
        ann.enter("");
        ann.press("ArrowUp");
        assertThat(ann.value("document.getElementById('line').value")).isEqualTo("hello bobby ");
        ann.value("document.getElementById('line').value = ''");
        ann.press("Tab"); // there is nothing to complete: to the button
        assertThat(ann.value("document.activeElement.textContent")).isEqualTo("Send");
        ann.press("Shift+Tab");
        ann.press("Shift+Tab");
        assertThat(ann.value("document.activeElement.id")).isEqualTo("log");
        for (int i = 0; i < 4; i++) {
            ann.press("Tab");
        }
        assertThat(ann.value("document.activeElement.id")).isEqualTo("new-room");
        ann.enter("tea");
        awaitTrue(ann, "document.getElementById('room-name').textContent === 'tea'");
        awaitTrue(ann, "document.activeElement.id === 'line'");
        awaitText(bob, LOG, "ann has left the room.");
        ann.enter("/logout");
        awaitTrue(ann, "document.activeElement.id === 'name' && !document.getElementById('login').hidden");
    }

    @Test
    void assistiveTechnologySeesLogListsAndLabels() throws Exception {
        Tab ann = open("ann");
        assertThat(ann.accessibilityTree())
                .contains(
                        "banner",
                        "main",
                        "log main",
                        "textbox Message",
                        "button Send",
                        "list People (1)",
                        "list Rooms",
                        "textbox Go to a room",
                        "button Leave",
                        "heading # main",
                        "status");
        awaitTrue(ann, "document.getElementById('log').getAttribute('aria-live') === 'polite'");
        assertThat(ann.value("document.documentElement.lang")).isEqualTo("en");
        assertThat(ann.value("document.querySelector('#members bdi').textContent"))
                .isEqualTo("ann");
        assertThat(ann.value("document.getElementById('line').dir")).isEqualTo("auto");
    }

    // ---- looks

    @Test
    void pageFitsAPhoneAndHasEnoughContrast() throws Exception {
        Tab ann = open("ann");
        Tab bob = open("bob-with-a-name-of-32-characters");
        bob.enter("hello ann " + "x".repeat(200));
        bob.enter("/tell ann psst");
        awaitText(ann, LOG, "psst");
        ann.enter("سلام، خوبی؟");
        ann.enter("/rooms");
        awaitText(ann, LOG, "The following rooms are open:");
        Files.createDirectories(SCREENSHOTS);
        for (String scheme : List.of("light", "dark")) {
            for (int width : new int[] {320, 1000}) {
                ann.show(width, width == 320 ? 568 : 700, scheme);
                awaitTrue(ann, "innerWidth === " + width);
                Files.write(SCREENSHOTS.resolve("chat-" + width + "-" + scheme + ".png"), ann.screenshot());
                assertThat(ann.value("document.documentElement.scrollWidth")).isEqualTo("" + width);
                assertThat(ann.value("(" + CONTRASTS + ")()")).isEqualTo("[]");
            }
        }
    }

    /** Returns the texts whose contrast with their background is below 4.5 (WCAG 2, 1.4.3). */
    private static final String CONTRASTS = """
            () => {
              const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
              const luminance = ([r, g, b]) => [r, g, b].map((c) => c / 255)
                  .map((c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
                  .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
              const ground = (element) => {
                const colour = parts(getComputedStyle(element).backgroundColor);
                return colour.length < 4 || colour[3] === 1 ? colour : ground(element.parentElement);
              };
              return [...document.querySelectorAll('body *')]
                  .filter((each) => each.checkVisibility() && [...each.childNodes].some((node) =>
                      node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== ''))
                  .map((each) => {
                    const pair = [luminance(parts(getComputedStyle(each).color)), luminance(ground(each))];
                    return { text: each.textContent, contrast: (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05) };
                  })
                  .filter(({ contrast }) => contrast < 4.5);
            }""";

    // ---- connections that are lost

    @Test
    void pagesComeBackWhenTheServerIsKilledAndStartedAgain() throws Exception {
        Tab ann;
        Tab bob;
        int[] ports;
        try (JvmProcess server = Program.start("--port", "0", "--web", "0")) {
            ports = new int[] {server.readPort(), webPort(server)};
            ann = open("ann", ports[1]);
            bob = open("bob", ports[1]);
            ann.enter("/join tea");
            bob.enter("/join tea");
            awaitText(ann, LOG, "bob has entered the room.");
            ann.enter("before");
            awaitText(bob, LOG, "before");
            server.signal("KILL");
        }
        awaitText(ann, CONNECTION, "Offline");
        ann.enter("typed offline");
        awaitText(ann, WAITING, "typed offline");
        try (JvmProcess server = Program.start("--port", "" + ports[0], "--web", "" + ports[1])) {
            server.readPort();
            for (Tab tab : List.of(ann, bob)) {
                awaitText(tab, CONNECTION, "Connected as");
                awaitTrue(tab, "document.getElementById('room-name').textContent === 'tea'");
            }
            awaitText(ann, LOG, "typed offline");
            awaitTrue(ann, "document.getElementById('waiting').childElementCount === 0");
            awaitText(bob, LOG, "Messages may be missing here.");
            bob.enter("after");
            awaitText(ann, LOG, "after");
            assertThat(count(ann, "typed offline")).isEqualTo(1);
            assertThat(count(ann, "before")).isEqualTo(1);
        }
    }

    private static int webPort(JvmProcess server) throws IOException {
        return Integer.parseInt(server.readLine().replaceFirst(".*:(\\d+)/", "$1"));
    }

    @Test
    void pageWhoseLineIsCutComesBackToItsOwnNameWithWhatItMissed() throws Exception {
        try (Relay relay = new Relay(chat.webPort());
                SocketPeer carl = chat.terminal("carl")) {
            Tab ann = open("ann", relay.port());
            ann.enter("one");
            awaitLine(carl, "ann : one");
            for (int round = 0; round < 3; round++) {
                ann.value("window.WebSocketBefore ??= WebSocket; WebSocket = function () { throw new Error('away') }");
                relay.cut();
                carl.send("say missed " + round + "\n");
                awaitLine(carl, "carl : missed " + round);
                ann.value("WebSocket = window.WebSocketBefore; submit('say kept " + round + "'); socket || connect()");
                awaitLine(carl, "ann : kept " + round); // no leave and no enter before it
                awaitText(ann, LOG, "kept " + round);
                assertThat(count(ann, "missed " + round)).isEqualTo(1);
                assertThat(count(ann, "kept " + round)).isEqualTo(1);
            }
            assertThat(ann.value(LOG)).doesNotContain("may be missing", "has left", "ann has entered");
        }
    }

    @Test
    void reloadedPageResumesItsSession() throws Exception {
        try (SocketPeer carl = chat.terminal("carl")) {
            Tab ann = open("ann");
            ann.enter("one");
            awaitLine(carl, "ann : one");
            ann.call("Page.reload", Map.of());
            awaitTrue(ann, CONNECTION + " === 'Connected as ann.'");
            awaitText(ann, LOG, "one");
            awaitTrue(ann, "document.activeElement?.id === 'line'");
            ann.enter("two");
            awaitLine(carl, "ann : two");
        }
    }

    // ---- hostile pages

    @Test
    void pageOfAnotherOriginCannotSpeak() throws Exception {
        HttpServer hostile = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        hostile.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        hostile.start();
        try {
            Tab tab = browser.open("http://localhost:" + hostile.getAddress().getPort() + "/");
            awaitTrue(tab, "location.hostname === 'localhost'");
            assertThat(tab.value(opens("ws://127.0.0.1:" + chat.webPort() + "/chat")))
                    .isEqualTo("refused");
            assertThat(tab.value(
                            "fetch('http://127.0.0.1:" + chat.webPort() + "/').then(() => 'read', () => 'refused')"))
                    .isEqualTo("refused");
        } finally {
            hostile.stop(0);
        }
    }

    @Test
    void nameThatResolvesToTheServerCannotSpeak() throws Exception {
        Tab tab = browser.open("http://evil.example:" + chat.webPort() + "/");
        awaitText(tab, "document.body.innerText", "Open the chat by its address");
        tab.call("Page.setBypassCSP", Map.of("enabled", true)); // of the refusal; a hostile page has none
        tab.call("Page.reload", Map.of());
        awaitText(tab, "document.body.innerText", "Open the chat by its address");
        assertThat(tab.value(opens("ws://evil.example:" + chat.webPort() + "/chat")))
                .isEqualTo("refused");
    }

    private static String opens(String url) {
        return "new Promise((done) => { const socket = new WebSocket('" + url + "');"
                + "socket.onopen = () => done('open'); socket.onerror = () => done('refused'); })";
    }
}
