package dev.leat.view.sql;

import dev.leat.pipeline.PipelineException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A call of an aggregate, in the pieces that go to Postgres. */
final class Aggregate {

    private final ValidatedSelect validated;
    private final Call call;

    Aggregate(ValidatedSelect validated, Call call) {
        this.validated = validated;
        this.call = call;
    }

    String name() {
        return call.name();
    }

    boolean isDistinct() {
        return call.isDistinct();
    }

    /** All that is between the parentheses, without DISTINCT. */
    String inner() {
        return validated.edited(call.arguments());
    }

    /** The aggregate's arguments; a star is one too. */
    List<String> arguments() {
        return validated.text().tokens().listed(call.arguments()).stream()
                .map(validated::edited)
                .toList();
    }

    String argument() {
        return "(" + arguments().getFirst() + ")";
    }

    /** What its own ORDER BY says; empty without one. */
    List<String> order() {
        return validated.text().tokens().ordered(call.arguments()).stream()
                .map(validated::edited)
                .toList();
    }

    /** FILTER, or nothing. */
    String filter() {
        return validated.edited(call.rest());
    }

    /** What its FILTER asks for. */
    String condition() {
        return call.rest().begin() == call.rest().end() || filter().isBlank()
                ? "true"
                : "("
                        + validated.edited(validated
                                .text()
                                .tokens()
                                .after(validated.text().tokens().parenthesised(call.rest()), "WHERE"))
                        + ")";
    }

    /** The same with a condition more. */
    String filterAnd(String condition) {
        return " FILTER (WHERE " + condition + " AND " + condition() + ")";
    }

    /** Another aggregate over another value, of the same rows. */
    String of(String aggregate, String value) {
        return aggregate + "(" + value + ")" + filter();
    }

    /** The type of its result, as Postgres says. */
    String type() {
        return type(validated.edited(call.place()));
    }

    /** The type of an expression over what the SELECT reads. */
    String type(String expression) {
        return validated
                .describe("SELECT " + expression + " AS r " + validated.fromWhere())
                .get("r");
    }

    /** What a row is ordered by, never null: its time, then the partition and offset of each of its events. */
    List<String> position() {
        return RowOrigin.of(validated.fromClause().streams()).position();
    }

    /** How many elements it may keep: those of its slice, else as many as the view allows. */
    OptionalInt bound() {
        OptionalInt slice = validated.text().tokens().slice(call.place());
        return slice.isPresent()
                ? slice
                : validated.view().bound().map(OptionalInt::of).orElse(OptionalInt.empty());
    }

    /** Empty for one of more than a column or a star. */
    Optional<MergeRule.Plain> plain() {
        String column = inner().strip().equals("*") ? "*" : MergeRule.Plain.column(inner());
        return column == null || isDistinct() || !filter().isBlank()
                ? Optional.empty()
                : Optional.of(new MergeRule.Plain(name(), column));
    }

    PipelineException complaint(String problem) {
        return validated.text().complaint(call.place(), problem);
    }
}
