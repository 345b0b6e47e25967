package dev.leat.view.sql;

import dev.leat.view.sql.MergeRule.Part;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Variance and standard deviation: exact for whole numbers and decimals, out of their sum and the sum of their squares;
 * for floating point, where that would lose digits, out of the sum of squared deviations, merged as Postgres merges what
 * its parallel workers bring (float8_combine in float.c: the algorithm of Youngs and Cramer).
 */
final class Variance {

    private Variance() {}

    static MergeRule rule(Aggregate call) {
        int lost = call.name().endsWith("_pop") ? 0 : 1;
        boolean root = call.name().startsWith("stddev");
        return call.type().equals("double precision") ? floating(call, lost, root) : exact(call, lost, root);
    }

    private static MergeRule exact(Aggregate call, int lost, boolean root) {
        String number = call.argument() + "::numeric";
        Function<IntFunction<String>, String> variance = part -> "leat.numeric_variance(" + part.apply(0) + ", "
                + part.apply(1) + ", " + part.apply(2) + ", " + lost + ")";
        return new MergeRule(
                "keeps count, sum and sum of squares",
                List.of(
                        Part.sum(call.of("count", call.argument()), 0, "bigint"),
                        Part.sum(call.of("sum", number), 1, "numeric"),
                        Part.sum(call.of("sum", number + " * " + number), 2, "numeric")),
                part -> root ? "leat.numeric_stddev(" + variance.apply(part) + ")" : variance.apply(part));
    }

    private static MergeRule floating(Aggregate call, int lost, boolean root) {
        String number = call.argument() + "::double precision";
        Part squares = new Part(
                        call.of("regr_sxx", number + ", " + number),
                        (existing, incoming) -> "leat.deviations(" + all(existing) + ", " + all(incoming) + ")",
                        part -> "leat.deviations(" + all(part) + ")")
                .ofExact(part -> "(" + part.apply(2) + " - " + part.apply(1) + " * " + part.apply(1) + " / nullif("
                        + part.apply(0) + ", 0))::double precision");
        Function<IntFunction<String>, String> variance =
                part -> part.apply(2) + " / nullif(greatest(" + part.apply(0) + " - " + lost + ", 0), 0)";
        return new MergeRule(
                "keeps count, sum and sum of squared deviations",
                List.of(
                        Part.sum(call.of("count", number), 0, "bigint"),
                        Part.sum(call.of("sum", number), 1, "double precision"),
                        squares),
                part -> root ? "sqrt(" + variance.apply(part) + ")" : "(" + variance.apply(part) + ")");
    }

    private static String all(IntFunction<String> part) {
        return part.apply(0) + ", " + part.apply(1) + ", " + part.apply(2);
    }
}
