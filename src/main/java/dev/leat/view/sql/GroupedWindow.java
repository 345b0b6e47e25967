package dev.leat.view.sql;

/**
 * A window that a SELECT groups by.
 *
 * @param column the result's column that holds its start
 * @param stream whose events are cut
 */
record GroupedWindow(Window window, String column, FromTable stream) {

    /** The functions by which a SELECT speaks of windows. */
    static boolean isNamed(Call call) {
        return switch (call.name()) {
            case "tumble", "hop", "session" -> true;
            default -> false;
        };
    }
}
