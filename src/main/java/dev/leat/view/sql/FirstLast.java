package dev.leat.view.sql;

import dev.leat.view.sql.MergeRule.Part;
import java.util.ArrayList;
import java.util.List;

/**
 * The value, not null, of the first or last of a group's events: by event time, then partition, then offset. Kept with that
 * position, so that it doesn't matter in which order events come.
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
        List<Part> parts = new ArrayList<>();
        parts.add(part(0, first, "leat.first(" + call.argument() + " ORDER BY " + order + ")" + filter));
        for (String position : call.position()) {
            // Faster than an aggregate of ours; no array is an element of it.
            parts.add(
                    part(parts.size(), first, "(array_agg(" + position + " ORDER BY " + order + ")" + filter + ")[1]"));
        }
        return new MergeRule("keeps the " + call.name() + ", with its place", parts, part -> part.apply(0));
    }

    private static Part part(int index, boolean first, String partial) {
        String earlier = first ? " < " : " > ";
        // Without a value its position is null, and nothing is earlier than that, or later.
        MergeRule.Merge merge = (there, added) -> "CASE WHEN " + there.apply(1) + " IS NULL OR " + place(added)
                + earlier + place(there) + " THEN " + added.apply(index) + " ELSE " + there.apply(index) + " END";
        String direction = first ? "" : " DESC NULLS LAST";
        return new Part(
                partial,
                merge,
                part -> "leat.first(" + part.apply(index) + " ORDER BY " + part.apply(1) + direction + ", "
                        + part.apply(2) + direction + ", " + part.apply(3) + direction + ")");
    }

    private static String place(java.util.function.IntFunction<String> part) {
        return "(" + part.apply(1) + ", " + part.apply(2) + ", " + part.apply(3) + ")";
    }
}
