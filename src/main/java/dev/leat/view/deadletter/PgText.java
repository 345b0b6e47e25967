package dev.leat.view.deadletter;

import dev.leat.pipeline.Names;

/** Text as Postgres can store it, and people read it: whatever it comes from, and however long that is. */
final class PgText {

    private static final int MOST_OF_A_MESSAGE = 10_000;

    private PgText() {}

    /** @param text null gives an empty one */
    static String of(String text) {
        return text == null ? "" : cut(text, MOST_OF_A_MESSAGE);
    }

    /** @param most characters, more or less */
    static String cut(String text, int most) {
        return Names.storable(
                text.length() <= most ? text : text.substring(0, most) + "… (" + text.length() + " characters)");
    }
}
