package io.asynchat.demo.chat;

/**
 * What a session has for the house.
 *
 * @param by whom it concerns
 * @param act what is to be done
 * @param text with what
 * @param awaited whether the session takes no further line before this is answered
 */
record Said(Guest by, Act act, String text, boolean awaited) {
    /** Something that is done in the house, on its loop. */
    @FunctionalInterface
    interface Act {
        void on(House house, Guest by, String text);
    }
}
