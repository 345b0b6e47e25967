package dev.leat.catalog;

/**
 * What a generation is called that is being built: as its view, with its number behind an {@code @}, which no name of a
 * view has. So its table, its dead letters and what waits behind them stand beside those of the view that serves.
 */
public final class Generations {

    private static final char MARK = '@';

    private Generations() {}

    public static String name(String view, int generation) {
        return view + MARK + generation;
    }

    /** The view that a generation is of, or that the name is itself. */
    public static String viewOf(String name) {
        return isGeneration(name) ? name.substring(0, name.indexOf(MARK)) : name;
    }

    public static boolean isGeneration(String name) {
        return name.indexOf(MARK) >= 0;
    }
}
