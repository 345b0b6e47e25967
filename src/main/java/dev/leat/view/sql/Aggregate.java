package dev.leat.view.sql;

import dev.leat.pipeline.PipelineException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A call of an aggregate, in the pieces that go to Postgres. */
final class Aggregate {

    private final ValidatedSelect checked;
    private final Call call;

    Aggregate(ValidatedSelect checked, Call call) {
        this.checked = checked;
        this.call = call;
    }

    String name() {
        return call.name();
    }

    boolean isDistinct() {
        return call.isDistinct();
    }

    /** All that stands between the parentheses, without DISTINCT. */
    String inner() {
        return checked.edited(call.arguments());
    }

    /** The aggregate's arguments; a star is one too. */
    List<String> arguments() {
        return checked.text().listed(call.arguments()).stream()
                .map(checked::edited)
                .toList();
    }

    String argument() {
        return "(" + arguments().getFirst() + ")";
    }

    /** What its own ORDER BY says; empty without one. */
    List<String> order() {
        return checked.text().ordered(call.arguments()).stream()
                .map(checked::edited)
                .toList();
    }

    /** FILTER, or nothing. */
    String filter() {
        return checked.edited(call.rest());
    }

    /** What its FILTER asks for. */
    String condition() {
        return call.rest().begin() == call.rest().end() || filter().isBlank()
                ? "true"
                : "(" + checked.edited(checked.text().behind(checked.text().parenthesised(call.rest()), "WHERE")) + ")";
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
        return type(checked.edited(call.place()));
    }

    /** The type of an expression over what the SELECT reads. */
    String type(String expression) {
        return checked.describe("SELECT " + expression + " AS r " + checked.fromWhere())
                .get("r");
    }

    /** Where what a row is made of stands among all, never null: its time, then the partition and offset of each event. */
    List<String> position() {
        return RowOrigin.of(checked.sources().streams()).position();
    }

    /** How many elements it may gather: as it is sliced, or else as the view says. */
    OptionalInt bound() {
        OptionalInt slice = checked.text().slice(call.place());
        return slice.isPresent()
                ? slice
                : checked.view().bound().map(OptionalInt::of).orElse(OptionalInt.empty());
    }

    /** Empty for one of more than a column or a star. */
    Optional<MergeRule.Plain> plain() {
        String column = inner().strip().equals("*") ? "*" : MergeRule.Plain.column(inner());
        return column == null || isDistinct() || !filter().isBlank()
                ? Optional.empty()
                : Optional.of(new MergeRule.Plain(name(), column));
    }

    PipelineException complaint(String problem) {
        return checked.text().complaint(call.place(), problem);
    }
}
