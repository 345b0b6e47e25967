package dev.leat.view.deadletter;

/** Text as Postgres can store it: without the one character that it can't. */
final class PgText {

    private PgText() {}

    /** @param text null gives an empty one */
    static String of(String text) {
        return text == null ? "" : text.replace("\u0000", "\\0");
    }
}
