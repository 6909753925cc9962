package io.asynchat.demo.chat.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class ClientSessionTest {
    private static final Duration LONG = Duration.ofSeconds(31);

    private final RecordingConsole console = new RecordingConsole();
    private final FakeNetwork network = new FakeNetwork(console);

    @AfterEach
    void close() {
        network.close();
    }

    @Test
    void linesOfTheServerAreShownAndTypedLinesAreSent() {
        network.server().says("Welcome to TestChat", "", "bob : 你好\r");
        network.type("login ann", "", "say 大家好");
        assertThat(console.shown).containsExactly("Welcome to TestChat", "", "bob : 你好");
        assertThat(network.server().sent()).containsExactly("login ann", "", "say 大家好");
    }

    @Test
    void characterThatIsCutIsWhole() {
        byte[] line = "bob : 你好😀\n".getBytes(UTF_8);
        for (byte b : line) {
            network.server().says(b);
        }
        assertThat(console.shown).containsExactly("bob : 你好😀");
    }

    @Test
    void escapesAreShown() {
        network.server().says("bob : \u001b[2J\u202e");
        assertThat(console.shown).containsExactly("bob : \\x1b[2J\\u202e");
    }

    @Test
    void lineWithoutAnEndIsShownAtTheEnd() {
        network.server().says("half".getBytes(UTF_8));
        network.server().ends();
        assertThat(console.shown).containsExactly("half");
    }

    @Test
    void lineThatIsTooLongIsLeftOut() {
        network.server().says("x".repeat(70_000), "after");
        assertThat(console.shown).containsExactly("(a line longer than 64 KiB was left out)", "after");
        assertThat(network.server().isOpen()).isTrue();
    }

    @Test
    void lostConnectionIsMadeAgainUnderTheSameName() {
        network.server().says("Welcome to TestChat");
        network.type("login ann", "say hi");
        network.server().resets();
        assertThat(console.noticed)
                .singleElement()
                .asString()
                .matches("connection lost: Connection reset; trying again in .* s");
        network.advance(LONG);
        assertThat(network.connections()).isEqualTo(2);
        assertThat(network.server().sent()).containsExactly("login ann", "login");
        assertThat(console.noticed).last().isEqualTo("connected again");
        assertThat(console.starts).as("times that the console was started").isEqualTo(1);
    }

    @Test
    void connectionIsTriedUntilItWorks() {
        network.server().says("Welcome to TestChat");
        network.refuse(true);
        network.server().ends();
        for (int i = 0; i < 5; i++) {
            network.advance(LONG);
        }
        assertThat(network.end()).isNull();
        assertThat(console.noticed).hasSize(6).last().asString().startsWith("Connection refused; trying again in 2");
        network.refuse(false);
        network.advance(LONG);
        assertThat(network.connections()).isEqualTo(2);
    }

    @Test
    void serverThatComesBackIsSoonTriedAgain() {
        for (int i = 0; i < 10; i++) {
            network.server().says("Welcome to TestChat");
            network.server().ends();
            network.advance(Duration.ofSeconds(1));
        }
        assertThat(network.connections()).isEqualTo(11);
    }

    @Test
    void nothingHappensBeforeThePauseIsOver() {
        network.server().says("Welcome to TestChat");
        network.server().ends();
        network.advance(Duration.ofMillis(700));
        assertThat(network.connections()).isEqualTo(1);
    }

    @Test
    void linesTypedMeanwhileAreSentInOrderOnceConnected() {
        network.server().says("Welcome to TestChat");
        network.type("login ann");
        network.server().resets();
        network.type("say one", "say two");
        network.advance(LONG);
        network.server().says("Welcome to TestChat", "Unknown command: login");
        assertThat(network.server().sent()).containsExactly("login ann", "login", "say one", "say two");
    }

    @Test
    void loginIsTriedAgainWhileTheServerHasTheConnectionBefore() {
        network.server().says("Welcome to TestChat");
        network.type("login ann");
        network.server().resets();
        network.type("say one");
        network.advance(LONG);
        console.shown.clear();
        network.server()
                .says("Welcome to TestChat", "The name \"ann\" is taken.", "Please try again.", "Please enter a name");
        network.type("say two");
        assertThat(console.shown).containsExactly("Welcome to TestChat");
        assertThat(console.noticed)
                .anySatisfy(notice -> assertThat(notice).matches("the server still has the connection before.* s"))
                .endsWith("not logged in: that is kept until we are");
        assertThat(network.server().sent()).containsExactly("login ann", "login");

        network.advance(LONG);
        network.server().says("The name \"ann\" is taken.", "Please try again.", "Please enter a name");
        network.advance(LONG);
        network.server().says("Unknown command: login", "ann : one");
        assertThat(network.server().sent())
                .containsExactly(
                        "login ann", "login", "login ann", "login", "login ann", "login", "say one", "say two");
        assertThat(console.shown).containsExactly("Welcome to TestChat", "ann : one");
        assertThat(network.connections()).isEqualTo(2);
    }

    @Test
    void anotherNameTakesThePlaceOfTheOneThatIsTaken() {
        network.server().says("Welcome to TestChat");
        network.type("login ann");
        network.server().resets();
        network.advance(LONG);
        network.server().says("The name \"ann\" is taken.", "Please try again.", "Please enter a name");
        network.type("say hi", "login bea");
        network.server().says("Unknown command: login");
        assertThat(network.server().sent()).containsExactly("login ann", "login", "login bea", "login", "say hi");
    }

    @Test
    void linesAreSentThoughTheServerDoesNotConfirmTheLogin() {
        network.server().says("Welcome to an echo");
        network.type("login ann");
        network.server().resets();
        network.type("say one");
        network.advance(LONG);
        network.advance(Duration.ofSeconds(5));
        assertThat(network.server().sent()).containsExactly("login ann", "login", "say one");
    }

    @Test
    void withoutReconnectingALostConnectionIsTheEnd() {
        try (FakeNetwork once = new FakeNetwork(console, false, false)) {
            once.server().says("Welcome to TestChat");
            once.server().resets();
            assertThat(once.end()).isEqualTo(new ExitStatus(1, "connection lost: Connection reset"));
        }
    }

    @Test
    void serverThatHasNeverSaidAnythingIsNotTriedAgain() {
        network.server().ends();
        assertThat(network.end()).isEqualTo(new ExitStatus(1, "the server has closed the connection"));
    }

    @Test
    void firstConnectionThatFailsIsReported() {
        try (FakeNetwork refused = new FakeNetwork(console, true, true)) {
            assertThat(refused.end()).isEqualTo(new ExitStatus(1, "Connection refused"));
        }
        assertThat(console.starts).as("times that a console was started").isEqualTo(1);
    }

    @Test
    void logoutIsTheEndWhenTheServerHasClosed() {
        network.server().says("Welcome to TestChat");
        network.type("logout");
        assertThat(network.end()).isNull();
        network.server().ends();
        assertThat(network.end()).isEqualTo(new ExitStatus(0, null));
    }

    @Test
    void linesTypedAfterTheEndAreNotKept() {
        network.type("logout");
        network.server().ends();
        network.type("say late");
        assertThat(console.noticed).isEmpty();
    }

    @Test
    void logoutWithoutAConnectionIsTheEnd() {
        network.server().says("Welcome to TestChat");
        network.server().ends();
        network.type("logout");
        assertThat(network.end()).isEqualTo(new ExitStatus(0, null));
    }

    @Test
    void afterTheEndOfTheInputAnswersAreShownUntilTheServerCloses() {
        network.type("login ann", "look");
        network.endOfInput();
        network.server().says("The following are in the room:", "ann");
        assertThat(network.end()).isNull();
        network.server().ends();
        assertThat(network.end()).isEqualTo(new ExitStatus(0, null));
        assertThat(console.shown).containsExactly("The following are in the room:", "ann");
    }

    @Test
    void serverThatAnswersNoMoreIsNotAwaitedForEver() {
        network.type("look");
        network.endOfInput();
        network.advance(Duration.ofSeconds(9));
        network.server().says("The following are in the room:");
        network.advance(Duration.ofSeconds(9));
        assertThat(network.end()).isNull();
        network.advance(Duration.ofSeconds(1));
        assertThat(network.end()).isEqualTo(new ExitStatus(1, "connection lost: no answer, before all was answered"));
        assertThat(network.server().isOpen()).isFalse();
    }

    @Test
    void resetAfterTheEndOfTheInputIsReported() {
        network.type("look");
        network.endOfInput();
        network.server().resets();
        assertThat(network.end()).isEqualTo(new ExitStatus(1, "Connection reset, before all was answered"));
    }

    @Test
    void theEndOfTheInputWhileThereIsNoConnectionWaitsForWhatIsKept() {
        network.server().says("Welcome to TestChat");
        network.server().resets();
        network.type("login ann", "say late");
        network.endOfInput();
        network.advance(LONG);
        assertThat(network.server().sent()).containsExactly("login ann", "say late");
        network.server().ends();
        assertThat(network.end()).isEqualTo(new ExitStatus(0, null));
    }

    @Test
    void outputThatNobodyReadsIsTheEnd() {
        console.broken = true;
        network.server().says("Welcome to TestChat");
        assertThat(network.end()).isEqualTo(new ExitStatus(1, "standard output: Broken pipe"));
    }

    @Test
    void afterASignalNothingIsConnectedAnyMore() {
        network.server().says("Welcome to TestChat");
        network.server().resets();
        network.session().stop(130);
        network.advance(LONG);
        assertThat(network.end()).isEqualTo(new ExitStatus(130, null));
        assertThat(network.connections()).isEqualTo(1);
    }
}
