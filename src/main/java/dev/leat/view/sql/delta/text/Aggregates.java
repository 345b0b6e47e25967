package dev.leat.view.sql.delta.text;

import dev.leat.pipeline.sql.Query.Call;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Aggregates of all rows that can be put together of those of parts, with the very same result. */
final class Aggregates {

    static final Set<String> NAMES = Set.of("count", "sum", "avg", "min", "max", "bool_and", "bool_or", "every");

    private static final Set<String> EXACT = Set.of("bigint", "numeric");

    private Aggregates() {}

    /**
     * One aggregate in two steps.
     *
     * @param ofRow what it is of, for each row; empty where it counts rows
     * @param ofPart columns of each part, by name
     * @param combined of those columns
     */
    record InParts(Optional<String> ofRow, Map<String, String> ofPart, String combined) {}

    /** Empty where that can't be done. @param type of its result */
    static Optional<InParts> inParts(Call call, String type, int number, Texted text) {
        if (!NAMES.contains(call.name()) || call.isWithinGroup() || text.isOfSome()) {
            return Optional.empty();
        }
        boolean counts = text.argument().equals("*");
        Optional<String> ofRow = counts && text.filter().isEmpty()
                ? Optional.empty()
                : Optional.of(text.filter()
                        .map(f -> "CASE WHEN " + f + " THEN " + (counts ? "1" : text.argument()) + " END")
                        .orElse(text.argument()));
        String of = ofRow.isEmpty() ? "*" : "\"_a" + number + "\"";
        String part = "\"_s" + number + "\"";
        return switch (call.name()) {
            case "count" ->
                Optional.of(new InParts(
                        ofRow, Map.of("_s" + number, "count(" + of + ")"), "coalesce(sum(" + part + "), 0)::bigint"));
            case "sum" ->
                exactly(
                        type,
                        new InParts(ofRow, Map.of("_s" + number, "sum(" + of + ")"), "sum(" + part + ")::" + type));
            case "avg" ->
                exactly(
                        type,
                        new InParts(
                                ofRow,
                                Map.of("_s" + number, "sum(" + of + ")", "_n" + number, "count(" + of + ")"),
                                "(sum(" + part + ")::numeric / nullif(sum(\"_n" + number + "\"), 0))"));
            default ->
                Optional.of(new InParts(
                        ofRow, Map.of("_s" + number, call.name() + "(" + of + ")"), call.name() + "(" + part + ")"));
        };
    }

    /** Sums of floating-point numbers depend on the order. */
    private static Optional<InParts> exactly(String type, InParts parts) {
        return EXACT.contains(type) ? Optional.of(parts) : Optional.empty();
    }

    /** The pieces of a call, as text. */
    record Texted(String argument, Optional<String> filter) {

        /** Whether it takes some of the rows, or in an order. */
        boolean isOfSome() {
            String start = argument.stripLeading().toUpperCase(Locale.ROOT);
            return start.matches("(?s)DISTINCT\\b.*") || start.matches("(?s).*\\bORDER\\s+BY\\b.*");
        }
    }
}
