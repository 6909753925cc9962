package io.asynchat.demo.chat;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What one who is logged in can say. The first four, and their texts, are the seed's. On the house's loop. */
enum Command implements Said.Act {
    SAY("TEXT", "says it to all who are in the room") {
        @Override
        public void on(House house, Guest by, String text) {
            house.say(room(by), by.name() + " : " + text);
        }
    },
    LOOK("", "lists who is in the room") {
        @Override
        public void on(House house, Guest by, String text) {
            house.tell(by, room(by).people().answer());
        }
    },
    WHO("", "lists who is logged in") {
        @Override
        public void on(House house, Guest by, String text) {
            house.tell(by, house.guests().answer());
        }
    },
    LOGOUT("", "leaves") {
        @Override
        public void on(House house, Guest by, String text) {
            house.depart(by);
        }
    },
    ME("TEXT", "says what you do") {
        @Override
        public void on(House house, Guest by, String text) {
            house.say(room(by), "* " + by.name() + " " + text);
        }
    },
    TELL("NAME TEXT", "says it to one person, in whatever room") {
        @Override
        public void on(House house, Guest by, String text) {
            String[] words = text.split("\\s+", 2);
            Guest to = house.guests().find(words[0]);
            if (words.length < 2) {
                house.tell(by, usage());
            } else if (to == null) {
                house.tell(by, "Nobody is called \"" + words[0] + "\".");
            } else {
                house.tell(to, by.name() + " tells you : " + words[1]);
                house.tell(by, "You tell " + to.name() + " : " + words[1]);
            }
        }
    },
    JOIN("ROOM", "goes to a room, and opens it if need be") {
        @Override
        public void on(House house, Guest by, String text) {
            if (text.isEmpty()) {
                house.tell(by, usage());
            } else if (house.move(by, text)) {
                house.tell(by, "You are in the room \"" + room(by).name() + "\".");
            } else {
                house.tell(by, "The name \"" + text + "\" is not allowed.");
            }
        }
    },
    LEAVE("", "goes back to the main room") {
        @Override
        public void on(House house, Guest by, String text) {
            JOIN.on(house, by, House.MAIN);
        }
    },
    ROOMS("", "lists the rooms") {
        @Override
        public void on(House house, Guest by, String text) {
            house.tell(by, house.rooms().answer());
        }
    },
    HISTORY("[N]", "shows the last lines of the room, 50 at most") {
        @Override
        public void on(House house, Guest by, String text) {
            if (!text.matches("\\d{0,4}")) {
                house.tell(by, usage());
                return;
            }
            int most = text.isEmpty() ? History.LINES : Integer.parseInt(text);
            house.tell(by, "The following was said in the room:");
            room(by).history().last(most).forEach(line -> house.tell(by, line));
        }
    },
    HELP("", "shows this") {
        @Override
        public void on(House house, Guest by, String text) {
            house.tell(by, "The following can be said:");
            for (Command command : values()) {
                house.tell(by, (command.word() + " " + command.arguments).strip() + " - " + command.purpose);
            }
        }
    };

    private static final Map<String, Command> BY_WORD =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Command::word, Function.identity()));

    private final String arguments;
    private final String purpose;

    Command(String arguments, String purpose) {
        this.arguments = arguments;
        this.purpose = purpose;
    }

    /** Null: there is no such command. */
    static @Nullable Command of(String word) {
        return BY_WORD.get(word);
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether all that comes back is a line: then the next one is taken before it has come. */
    boolean isSpeech() {
        return this == SAY || this == ME || this == TELL;
    }

    String usage() {
        return "Usage: " + word() + " " + arguments;
    }

    /** Only who is in one gives commands. */
    private static Room room(Guest by) {
        return Objects.requireNonNull(by.room());
    }
}
