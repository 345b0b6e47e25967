package dev.leat.view.sql;

import dev.leat.postgres.Sql;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What becomes of windows when they are final: readers see that they are, a topic gets their rows, and what only merging
 * needed is forgotten.
 *
 * @param end when the rows of the state are final
 * @param own what readers see besides the SELECT's columns, each with a comma in front
 */
record FinalWindows(
        ValidatedSelect validated,
        Groups groups,
        SqlStateTable state,
        WindowEnd end,
        String own,
        List<DistinctValues> distinct) {

    private static final String FROM = "$1::timestamptz";
    private static final String THROUGH = "$2::timestamptz";
    private static final String CLOSED = "$1::timestamptz";

    /** The table of these windows, with an index to find those that end, where they are looked for. */
    static SqlStateTable indexed(ValidatedSelect validated, Groups groups, SqlStateTable state, String column) {
        boolean areSought = validated.view().toTopic().isPresent()
                || validated.view().retain().isPresent()
                || !groups.unseenArrays(state).isEmpty();
        return areSought ? state.indexed(column) : state;
    }

    String visible() {
        return seen() + ", " + end.at() + " <= "
                + WindowBatch.closedThrough(validated.view().name()) + " AS final FROM " + state.name()
                + groups.shownWhere().map(having -> " WHERE " + having).orElse("");
    }

    private String seen() {
        return "SELECT " + groups.selected(validated.columns()) + own;
    }

    Optional<EmittedRows> emission() {
        return validated
                .view()
                .toTopic()
                .map(topic -> new EmittedRows(validated.view(), validated.columns(), groups.stateKey()));
    }

    /** @param lastEnd the last moment up to the given one at which a window ends */
    FinalRows finalRows(UnaryOperator<Instant> lastEnd) {
        String ended =
                " WHERE " + end.after().apply(FROM) + " AND " + end.atOrBefore().apply(THROUGH);
        String rows = seen() + " FROM " + state.name() + ended
                + groups.shownWhere().map(having -> " AND (" + having + ")").orElse("");
        List<String> arrays = groups.unseenArrays(state);
        List<String> clearing = arrays.isEmpty()
                ? List.of()
                : List.of("UPDATE " + state.name() + " SET " + Sql.list(arrays, array -> array + " = NULL") + ended);
        List<String> retention = new ArrayList<>();
        distinct.forEach(values -> retention.add(delete(values.seen(), CLOSED)));
        validated
                .view()
                .retain()
                .ifPresent(retain -> retention.add(delete(state, "(" + CLOSED + " - " + interval(retain) + ")")));
        return new FinalRows(lastEnd, rows, clearing, retention);
    }

    private String delete(SqlStateTable table, String moment) {
        return "DELETE FROM " + table.name() + " WHERE " + end.atOrBefore().apply(moment);
    }

    private static String interval(Duration length) {
        return "interval '" + length.toMillis() + " milliseconds'";
    }

    /** @param what a row is of */
    List<String> retainedState(String what) {
        List<String> retainedState = new ArrayList<>();
        retainedState.add(state.name() + " keeps the " + what + " and the parts of their aggregates: "
                + String.join(", ", state.columns().keySet())
                + validated
                        .view()
                        .retain()
                        .map(retain -> "; " + what + " that ended " + retain
                                + " before what the view is closed through are deleted")
                        .orElse("; " + what + " stay, unless `retain:` says for how long"));
        List<String> arrays = groups.unseenArrays(state);
        if (!arrays.isEmpty()) {
            retainedState.add(String.join(", ", arrays) + " of it are emptied when a row is final");
        }
        distinct.forEach(
                values -> retainedState.add(values.seen().name() + " keeps each value that a group has had, once, for"
                        + " count(DISTINCT …), until its window is final"));
        return retainedState;
    }
}
