package dev.leat.view.sql;

import dev.leat.view.sql.MergeRule.Merge;
import dev.leat.view.sql.MergeRule.Part;
import java.util.List;
import java.util.Optional;

/** The aggregates that can be kept current as events come. */
final class Aggregates {

    private Aggregates() {}

    /**
     * @param name of the aggregate
     * @param arguments as they go to Postgres
     * @param rest what stands behind the arguments: FILTER, or nothing
     * @param type of the aggregate's result, as Postgres says
     * @return empty for one that can't be kept
     */
    static Optional<MergeRule> rule(String name, String arguments, String rest, String type) {
        return Optional.ofNullable(
                switch (name) {
                    case "count" -> count(arguments, rest);
                    case "sum" -> MergeRule.single("adds", added("sum(" + arguments + ")" + rest, 0, type));
                    case "min" -> extreme("min", "least", arguments, rest);
                    case "max" -> extreme("max", "greatest", arguments, rest);
                    case "bool_and", "every" -> logical("bool_and", "AND", arguments, rest);
                    case "bool_or" -> logical("bool_or", "OR", arguments, rest);
                    case "avg" -> average(arguments, rest, type);
                    default -> null;
                });
    }

    private static MergeRule count(String arguments, String rest) {
        return MergeRule.single("adds", added("count(" + arguments + ")" + rest, 0, "bigint"));
    }

    /** A part of which sums are sums of sums. */
    static Part added(String partial, int index, String type) {
        Merge merge = (there, added) -> either(there.apply(index), added.apply(index), "+");
        return new Part(partial, merge, part -> "sum(" + part.apply(index) + ")::" + type);
    }

    private static MergeRule extreme(String aggregate, String function, String arguments, String rest) {
        return MergeRule.single(
                "keeps the " + function,
                new Part(
                        aggregate + "(" + arguments + ")" + rest,
                        (there, added) -> function + "(" + there.apply(0) + ", " + added.apply(0) + ")",
                        part -> aggregate + "(" + part.apply(0) + ")"));
    }

    private static MergeRule logical(String aggregate, String operator, String arguments, String rest) {
        return MergeRule.single(
                "joins by " + operator,
                new Part(
                        aggregate + "(" + arguments + ")" + rest,
                        (there, added) -> either(there.apply(0), added.apply(0), operator),
                        part -> aggregate + "(" + part.apply(0) + ")"));
    }

    /** As Postgres does it: whole numbers and decimals as numeric, floating point as double. */
    private static MergeRule average(String arguments, String rest, String type) {
        String sum = "sum((" + arguments + ")::" + (type.equals("interval") ? "interval" : type) + ")" + rest;
        return new MergeRule(
                "keeps sum and count",
                List.of(added(sum, 0, type), added("count(" + arguments + ")" + rest, 1, "bigint")),
                part -> "(" + part.apply(0) + " / nullif(" + part.apply(1) + ", 0))");
    }

    /** Both, or the one that isn't null. */
    private static String either(String there, String added, String operator) {
        return "coalesce(" + there + " " + operator + " " + added + ", " + there + ", " + added + ")";
    }
}
