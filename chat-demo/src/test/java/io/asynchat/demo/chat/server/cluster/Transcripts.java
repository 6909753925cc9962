package io.asynchat.demo.chat.server.cluster;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Compares what users and pages were sent with the one order of the log. */
final class Transcripts {
    private final AppliedEntries applied;
    private final boolean cuts; // of the log's tail, in this run
    private final Predicate<SimulatedUser> isGone; // its node is dead
    private final Map<SimulatedUser, Integer> toInform = new HashMap<>(); // of a loss, behind that line
    private final Set<String> seen = new HashSet<>(); // texts that at least one user was sent

    Transcripts(AppliedEntries applied, boolean cuts, Predicate<SimulatedUser> isGone) {
        this.applied = applied;
        this.cuts = cuts;
        this.isGone = isGone;
    }

    /** The user may have seen something that is lost now, and is to be informed of it. */
    void expectLoss(SimulatedUser user) {
        toInform.put(user, user.lines.size());
    }

    void verify(SimulatedUser user) {
        Integer seen = toInform.get(user);
        boolean informed = seen == null
                || !user.channel.isOpen()
                || isGone.test(user)
                || user.lines.subList(seen, user.lines.size()).contains(SimulatedUser.LOSS);
        applied.check(informed, user.name + " is not informed of a loss");
        verifyOrder(user);
        if (!cuts) {
            verifyNothingIsLost(user);
        }
    }

    /**
     * What the user was sent is a part of the one order, without a gap while it was in a room. After a cut a line that was under way
     * may come a second time, to those who were informed.
     */
    private void verifyOrder(SimulatedUser user) {
        List<String> order = applied.order();
        verifyPageTexts(user.lines.stream()
                .map(line -> line.substring(line.indexOf(" : ") + 1).substring(2))
                .toList());
        int before = -1;
        boolean gap = true; // before the first one, and behind each notice that the user has moved or lost something
        for (String line : user.lines) {
            int colon = line.indexOf(" : ");
            if (line.equals(SimulatedUser.LOSS)) {
                gap = true;
                before = -1;
            } else if (line.startsWith("You are in")) {
                gap = true;
            } else if (colon > 0
                    && line.startsWith("n")
                    && !line.contains(" tells you")
                    && !line.contains(" : " + SimulatedPage.TEXT)) {
                String text = line.substring(colon + 3);
                int place = order.subList(before + 1, order.size()).indexOf(text);
                applied.check(place >= 0, user.name + ": " + line + " is out of order, or doubled");
                if (!gap && !cuts) {
                    verifyNoGap(user, order.subList(before + 1, before + 1 + place), text);
                }
                before += 1 + place;
                gap = false;
            }
        }
    }

    /** The last line of each terminal is the same. */
    private static boolean isOfTerminal(String text) {
        return !text.startsWith(SimulatedPage.TEXT) && !text.endsWith("/end");
    }

    void verify(SimulatedPage page) {
        if (cuts) {
            return;
        }
        List<String> order = applied.order();
        for (List<String> part : page.shown()) {
            verifyPageTexts(part);
            List<String> ofTerminals =
                    part.stream().filter(Transcripts::isOfTerminal).toList();
            int first = ofTerminals.isEmpty() ? 0 : order.indexOf(ofTerminals.get(0));
            int last = ofTerminals.isEmpty() ? 0 : order.indexOf(ofTerminals.get(ofTerminals.size() - 1)) + 1;
            applied.check(first >= 0 && last >= first, "out of order: " + page);
            List<String> expected = order.subList(first, last).stream()
                    .filter(text -> text.startsWith("main/")
                            && isOfTerminal(text)
                            && (seen.contains(text) || ofTerminals.contains(text)))
                    .toList();
            applied.check(ofTerminals.equals(expected), page + ", not " + expected);
        }
        applied.check(page.hasSeenItsLines(), page.toString());
    }

    /** Nothing that a page says comes twice, or out of order. */
    private void verifyPageTexts(List<String> transcript) {
        if (!cuts) {
            Map<String, Integer> numbers = new HashMap<>();
            for (String text : transcript) {
                if (text.startsWith(SimulatedPage.TEXT)) {
                    int dot = text.indexOf('.');
                    int number = Integer.parseInt(text.substring(dot + 1));
                    Integer before = numbers.put(text.substring(0, dot), number);
                    applied.check(before == null || before < number, text + " after " + before + " in " + transcript);
                }
            }
        }
    }

    /** An event of a session whose user has gone meanwhile is in the log, and no user is sent it. */
    void noteSeen(SimulatedUser user) {
        user.lines.stream()
                .filter(line -> line.contains(" : "))
                .forEach(line -> seen.add(line.substring(line.indexOf(" : ") + 3)));
    }

    private void verifyNoGap(SimulatedUser user, List<String> between, String text) {
        String room = text.substring(0, text.indexOf('/') + 1);
        for (String missed : between) {
            boolean concerns = missed.startsWith(room) && seen.contains(missed);
            applied.check(!concerns, user.name + " was not sent " + missed + " before " + text + " in " + user.lines);
        }
    }

    /** A user whose connection lives sees its own lines, each once, in order. */
    private void verifyNothingIsLost(SimulatedUser user) {
        if (user.isLive() && !isGone.test(user) && !user.lines.contains(SimulatedUser.LOSS)) {
            List<String> own = user.lines.stream()
                    .filter(line -> line.startsWith(user.name + " : "))
                    .map(line -> line.substring(user.name.length() + 3))
                    .toList();
            applied.check(own.equals(user.said), user.name + " has said " + user.said + " and sees " + own);
        }
    }
}
