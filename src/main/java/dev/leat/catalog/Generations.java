package dev.leat.catalog;

/**
 * Names of generations that are being built: {@code view@number}. No view's name has an {@code @}, so a generation's table,
 * dead letters and parked events exist beside those of the active view.
 */
public final class Generations {

    private static final char MARK = '@';

    private Generations() {}

    public static String name(String view, int generation) {
        return view + MARK + generation;
    }

    /** The view of a generation; of a view's name, that name. */
    public static String viewOf(String name) {
        return isGeneration(name) ? name.substring(0, name.indexOf(MARK)) : name;
    }

    public static boolean isGeneration(String name) {
        return name.indexOf(MARK) >= 0;
    }
}
