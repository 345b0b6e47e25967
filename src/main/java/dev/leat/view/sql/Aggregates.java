package dev.leat.view.sql;

import dev.leat.view.sql.MergeRule.Part;
import io.vertx.pgclient.PgException;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/** The aggregates that can be kept current as events come. */
final class Aggregates {

    private Aggregates() {}

    /**
     * @return empty for one that can't be kept
     * @throws dev.leat.pipeline.PipelineException for one that can, but not as it is written
     */
    static Optional<MergeRule> rule(Aggregate call) {
        return Optional.ofNullable(
                switch (call.name()) {
                    case "count" -> call.isDistinct() ? distinct(call) : count(call);
                    case "sum" -> MergeRule.single("adds", Part.sum(call.of("sum", call.inner()), 0, call.type()));
                    case "min" -> extreme(call, "least");
                    case "max" -> extreme(call, "greatest");
                    case "bool_and", "every" -> joined(call, "bool_and", "AND");
                    case "bool_or" -> joined(call, "bool_or", "OR");
                    case "bit_and" -> joined(call, "bit_and", "&");
                    case "bit_or" -> joined(call, "bit_or", "|");
                    case "bit_xor" -> joined(call, "bit_xor", "#");
                    case "avg" -> average(call);
                    case "var_pop", "var_samp", "variance", "stddev_pop", "stddev_samp", "stddev" ->
                        Variance.rule(call);
                    case "first", "last" -> FirstLast.rule(call);
                    case "array_agg", "string_agg", "jsonb_agg" -> ArrayAggregate.rule(call);
                    default -> null;
                });
    }

    private static MergeRule count(Aggregate call) {
        return MergeRule.single("adds", Part.sum(call.of("count", call.inner()), 0, "bigint"));
    }

    /** {@link DistinctValues} adds to the part later, once it knows which values are new. Here the part stays as it is. */
    private static MergeRule distinct(Aggregate call) {
        String type = valueType(call);
        Part part = Part.sum("(0 * count(*))", 0, "bigint");
        return new MergeRule(
                "remembers the values, and counts those that are new",
                List.of(part),
                name -> "coalesce(" + name.apply(0) + ", 0)",
                Optional.of(new MergeRule.Values(call.argument(), call.condition(), type)),
                Optional.empty());
    }

    /** A rule that keeps all in its parts: values in an array, each once. */
    static MergeRule gathered(Aggregate call, MergeRule rule) {
        if (rule.values().isEmpty()) {
            return rule;
        }
        MergeRule.Values values = rule.values().get();
        if (values.type().endsWith("[]")) {
            throw call.complaint("`count(DISTINCT …)` of arrays isn't kept by session; count their text:"
                    + " `count(DISTINCT x::text)`");
        }
        String array = "array_agg(DISTINCT " + values.value() + ") FILTER (WHERE " + values.value()
                + " IS NOT NULL AND " + values.condition() + ")";
        return new MergeRule(
                "gathers the values, and counts them",
                List.of(
                        new Part(
                                "count(DISTINCT " + values.value() + ") FILTER (WHERE " + values.condition() + ")",
                                (existing, incoming) -> size(both(existing, incoming)),
                                part -> size(distinct("leat.concatenated(" + part.apply(1) + ")"))),
                        new Part(
                                array,
                                (existing, incoming) -> both(existing, incoming),
                                part -> distinct("leat.concatenated(" + part.apply(1) + ")"))),
                part -> part.apply(0));
    }

    private static String both(IntFunction<String> existing, IntFunction<String> incoming) {
        return distinct("(" + existing.apply(1) + " || " + incoming.apply(1) + ")");
    }

    private static String distinct(String array) {
        return "(SELECT array_agg(DISTINCT _v) FROM unnest(" + array + ") AS _values(_v))";
    }

    private static String size(String array) {
        return "coalesce(cardinality(" + array + "), 0)::bigint";
    }

    private static String valueType(Aggregate call) {
        try {
            return call.type(call.argument());
        } catch (PgException several) {
            throw call.complaint("`count(DISTINCT …)` counts one value; make one of several: `count(DISTINCT"
                    + " jsonb_build_array(a, b))`");
        }
    }

    private static MergeRule extreme(Aggregate call, String function) {
        return MergeRule.single(
                "keeps the " + function,
                new Part(
                        call.of(call.name(), call.inner()),
                        (existing, incoming) -> function + "(" + existing.apply(0) + ", " + incoming.apply(0) + ")",
                        part -> call.name() + "(" + part.apply(0) + ")"));
    }

    private static MergeRule joined(Aggregate call, String aggregate, String operator) {
        return MergeRule.single(
                "joins by " + operator,
                new Part(
                        call.of(aggregate, call.inner()),
                        (existing, incoming) -> MergeRule.either(existing.apply(0), incoming.apply(0), operator),
                        part -> aggregate + "(" + part.apply(0) + ")"));
    }

    /** As Postgres does it: whole numbers and decimals as numeric, floating point as double. */
    private static MergeRule average(Aggregate call) {
        String type = call.type();
        return new MergeRule(
                "keeps sum and count",
                List.of(
                        Part.sum(call.of("sum", call.argument() + "::" + type), 0, type),
                        Part.sum(call.of("count", call.inner()), 1, "bigint")),
                part -> "(" + part.apply(0) + " / nullif(" + part.apply(1) + ", 0))");
    }
}
