package dev.leat.view.sql;

import dev.leat.view.sql.MergeRule.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The value, not null, of the first or last of a group's events: by event time, then partition, then offset; of pairs, by
 * the later time, then the positions of both. Kept with that position, so that it doesn't matter in which order events come.
 */
final class FirstLast {

    private FirstLast() {}

    static MergeRule rule(Aggregate call) {
        if (!call.order().isEmpty()) {
            throw call.complaint("`" + call.name() + "` goes by event time; by another order it is"
                    + " `(array_agg(x ORDER BY y))[1]`");
        }
        boolean first = call.name().equals("first");
        String filter = call.filterAnd(call.argument() + " IS NOT NULL");
        String order = String.join(
                ", ", call.position().stream().map(p -> first ? p : p + " DESC").toList());
        int places = call.position().size();
        List<Part> parts = new ArrayList<>();
        parts.add(part(places, 0, first, "leat.first(" + call.argument() + " ORDER BY " + order + ")" + filter));
        for (String position : call.position()) {
            // Faster than an aggregate of ours; no array is an element of it.
            parts.add(part(
                    places,
                    parts.size(),
                    first,
                    "(array_agg(" + position + " ORDER BY " + order + ")" + filter + ")[1]"));
        }
        return new MergeRule("keeps the " + call.name() + ", with its place", parts, part -> part.apply(0));
    }

    private static Part part(int places, int index, boolean first, String partial) {
        String earlier = first ? " < " : " > ";
        // Without a value its position is null, and nothing is earlier than that, or later.
        MergeRule.Merge merge = (existing, incoming) -> "CASE WHEN " + existing.apply(1) + " IS NULL OR "
                + place(places, incoming) + earlier + place(places, existing) + " THEN " + incoming.apply(index)
                + " ELSE " + existing.apply(index) + " END";
        String direction = first ? "" : " DESC NULLS LAST";
        return new Part(
                partial,
                merge,
                part -> "leat.first(" + part.apply(index) + " ORDER BY " + all(places, i -> part.apply(i) + direction)
                        + ")");
    }

    private static String place(int places, IntFunction<String> part) {
        return "(" + all(places, part) + ")";
    }

    /** The parts after the value are its position. */
    private static String all(int places, IntFunction<String> part) {
        return IntStream.rangeClosed(1, places).mapToObj(part).collect(Collectors.joining(", "));
    }
}
