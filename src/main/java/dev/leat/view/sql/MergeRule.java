package dev.leat.view.sql;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How an aggregate is kept: as parts, each a column of the view's state, of which a batch brings partial values that are
 * merged into the existing ones.
 *
 * @param description for people, as {@code adds} or {@code keeps sum and count}
 * @param parts at least one
 * @param result the aggregate's value, given what the parts are called
 * @param plain the aggregate, where it is one of nothing but a column
 * @param values empty for an aggregate that its parts are enough for; else what is remembered besides them, and a state of
 *     which then can't be made of several
 */
record MergeRule(
        String description,
        List<Part> parts,
        Function<IntFunction<String>, String> result,
        Optional<Values> values,
        Optional<Plain> plain) {

    MergeRule(String description, List<Part> parts, Function<IntFunction<String>, String> result) {
        this(description, parts, result, Optional.empty(), Optional.empty());
    }

    /**
     * The values that a group has had, each once, in a table of their own; the rule's one part is how many they are.
     *
     * @param value of a row; null isn't one
     * @param condition which rows count
     * @param type Postgres's, of a value
     */
    record Values(String value, String condition, String type) {}

    /**
     * One column of the state.
     *
     * @param partial its value for a group of a batch's rows, as an aggregate
     * @param merge its value, given the names of the existing parts and of the incoming ones
     * @param combine the aggregate that makes one of several such values of one group, given what they are called
     * @param ofExact its value out of a row of parts that were kept of exact numbers, given what they are called; empty where
     *     it is the same, but for its type
     */
    record Part(
            String partial,
            Merge merge,
            Function<IntFunction<String>, String> combine,
            Optional<Function<IntFunction<String>, String>> ofExact) {

        Part(String partial, Merge merge, Function<IntFunction<String>, String> combine) {
            this(partial, merge, combine, Optional.empty());
        }

        Part ofExact(Function<IntFunction<String>, String> value) {
            return new Part(partial, merge, combine, Optional.of(value));
        }

        /** A part of which sums are sums of sums. */
        static Part sum(String partial, int index, String type) {
            return new Part(
                    partial,
                    (existing, incoming) -> either(existing.apply(index), incoming.apply(index), "+"),
                    part -> "sum(" + part.apply(index) + ")::" + type);
        }
    }

    /** Merges two values. Null: the group has no value to aggregate. */
    interface Merge {
        String of(IntFunction<String> existing, IntFunction<String> incoming);
    }

    /** Both, or the one that isn't null. */
    static String either(String existing, String incoming, String operator) {
        return "coalesce(" + existing + " " + operator + " " + incoming + ", " + existing + ", " + incoming + ")";
    }

    static MergeRule single(String description, Part part) {
        return new MergeRule(description, List.of(part), part0 -> part0.apply(0));
    }

    MergeRule of(Plain aggregate) {
        return new MergeRule(description, parts, result, values, Optional.of(aggregate));
    }

    /**
     * An aggregate without FILTER or DISTINCT.
     *
     * @param column of the stream; a star for the rows themselves
     */
    record Plain(String name, String column) {

        private static final Pattern COLUMN =
                Pattern.compile("(?:(?:\\w+|\"[^\"]+\")\\s*\\.\\s*)?([A-Za-z_]\\w*|\"[^\"]+\")");

        boolean isOfRows() {
            return column.equals("*");
        }

        /** The name of the column, as it is in the stream; null for an expression that is something else. */
        static String column(String expression) {
            Matcher column = COLUMN.matcher(expression.strip());
            return column.matches() ? SelectText.unquoted(column.group(1)) : null;
        }
    }
}
