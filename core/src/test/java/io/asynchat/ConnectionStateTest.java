package io.asynchat;

import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.ConnectionState.Event;
import io.asynchat.ConnectionState.Input;
import io.asynchat.ConnectionState.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every pair of a state and an event of a connection, against rules that are written in another way. */
@Tag("internal")
class ConnectionStateTest {
    /** The events that lead to each state, from a new connection. */
    private static final Map<Input, List<Event>> TO_INPUT = Map.of(
            Input.WAITING, List.of(),
            Input.OPEN, List.of(Event.ACTIVE),
            Input.ENDED, List.of(Event.ACTIVE, Event.INPUT_ENDED),
            Input.REPORTED, List.of(Event.ACTIVE, Event.INPUT_ENDED, Event.END_REPORTED),
            Input.DISCARDED, List.of(Event.ACTIVE, Event.RESET));

    private static final Map<Output, List<Event>> TO_OUTPUT = Map.of(
            Output.OPEN, List.of(),
            Output.FLUSHING, List.of(Event.CLOSE_WHEN_DONE),
            Output.LINGERING, List.of(Event.CLOSE_WHEN_DONE, Event.OUTPUT_ENDED),
            Output.CLOSING, List.of(Event.CLOSE),
            Output.CLOSED, List.of(Event.INACTIVE));

    private static ConnectionState in(List<Event> events) {
        ConnectionState state = new ConnectionState();
        events.forEach(state::on);
        return state;
    }

    @Test
    void inputTransitionsFollowTheTable() {
        for (Input from : Input.values()) {
            for (Event event : Event.values()) {
                ConnectionState state = in(TO_INPUT.get(from));
                assertThat(state.input()).isEqualTo(from);

                state.on(event);

                assertThat(state.input()).as(from + " and " + event).isEqualTo(next(from, event));
            }
        }
    }

    private static Input next(Input from, Event event) {
        if (from == Input.DISCARDED) {
            return from; // nothing revives it
        }
        return switch (event) {
            case ACTIVE -> from == Input.WAITING ? Input.OPEN : from;
            case INPUT_ENDED, INACTIVE -> from == Input.REPORTED ? from : Input.ENDED;
            case END_REPORTED -> from == Input.ENDED ? Input.REPORTED : from;
            case RESET, CORRUPTED, CLOSE, REMOVED -> Input.DISCARDED;
            case CLOSE_WHEN_DONE, CLOSE_UNDONE, OUTPUT_ENDED -> from;
        };
    }

    @Test
    void outputTransitionsFollowTheTable() {
        for (Output from : Output.values()) {
            for (Event event : Event.values()) {
                ConnectionState state = in(TO_OUTPUT.get(from));
                assertThat(state.output()).isEqualTo(from);

                state.on(event);

                assertThat(state.output()).as(from + " and " + event).isEqualTo(next(from, event));
            }
        }
    }

    private static Output next(Output from, Event event) {
        return switch (event) {
            case CLOSE_WHEN_DONE -> from == Output.OPEN ? Output.FLUSHING : from;
            case CLOSE_UNDONE -> from == Output.FLUSHING ? Output.OPEN : from;
            case OUTPUT_ENDED -> from == Output.FLUSHING ? Output.LINGERING : from;
            case CLOSE -> from == Output.CLOSED ? from : Output.CLOSING;
            case INACTIVE -> Output.CLOSED;
            case ACTIVE, INPUT_ENDED, END_REPORTED, RESET, CORRUPTED, REMOVED -> from;
        };
    }

    @Test
    void eventReportsWhetherItHasChangedAnything() {
        for (List<Event> path : paths()) {
            for (Event event : Event.values()) {
                ConnectionState state = in(path);
                Input input = state.input();
                Output output = state.output();
                boolean removed = state.isRemoved();

                boolean changed = state.on(event);

                assertThat(changed)
                        .as(path + " and " + event)
                        .isEqualTo(input != state.input() || output != state.output() || removed != state.isRemoved());
            }
        }
    }

    @Test
    void predicatesFollowFromTheStates() {
        for (List<Event> path : paths()) {
            ConnectionState state = in(path);
            boolean open = state.output() == Output.OPEN;
            boolean discarded = state.input() == Input.DISCARDED;
            boolean ended = state.input() == Input.ENDED || state.input() == Input.REPORTED;

            assertThat(state.canDeliver())
                    .as("deliver after " + path)
                    .isEqualTo(open && (state.input() == Input.OPEN || state.input() == Input.ENDED));
            assertThat(state.canNotify())
                    .as("notify after " + path)
                    .isEqualTo(open && !discarded && !state.isRemoved());
            assertThat(state.canPush()).as("push after " + path).isEqualTo(open && !state.isRemoved());
            assertThat(state.isDiscarded()).isEqualTo(discarded);
            assertThat(state.hasInputEnded()).isEqualTo(ended);
            assertThat(state.isOutputEnded())
                    .as("closed after " + path)
                    .isEqualTo(state.isRemoved() || (!open && state.output() != Output.FLUSHING));
            assertThat(state.dropsInput()).as("drops after " + path).isFalse();
            state.dropInputWhileFlushing(true);
            assertThat(state.dropsInput())
                    .as("drops after " + path)
                    .isEqualTo(state.output() == Output.FLUSHING || state.output() == Output.LINGERING);
        }
    }

    /** Every pair of an input and an output that can be reached, removed and not. */
    private static List<List<Event>> paths() {
        List<List<Event>> paths = new ArrayList<>();
        for (List<Event> input : TO_INPUT.values()) {
            for (List<Event> output : TO_OUTPUT.values()) {
                List<Event> both =
                        Stream.concat(input.stream(), output.stream()).toList();
                paths.add(both);
                paths.add(Stream.concat(both.stream(), Stream.of(Event.REMOVED)).toList());
            }
        }
        return paths;
    }
}
