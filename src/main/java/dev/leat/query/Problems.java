package dev.leat.query;

import dev.leat.catalog.ViewTable;
import dev.leat.http.Problem;
import dev.leat.schema.types.Column;
import java.util.Collection;
import java.util.List;

/** The problems of a question about a view; each says what exists or what was expected. */
public final class Problems {

    private Problems() {}

    public static Problem noQueryRole() {
        return new Problem(
                404,
                "no-query-role",
                "This process answers no queries",
                "this process has not the role 'query'; set leat.roles, or ask a process that has it");
    }

    public static Problem unknownView(String name, Collection<String> views) {
        return new Problem(
                        404,
                        "unknown-view",
                        "Unknown view",
                        "there is no view '" + name + "'; "
                                + (views.isEmpty()
                                        ? "there are no views yet"
                                        : "there are " + String.join(", ", views)))
                .with("views", views);
    }

    public static Problem noContract(String view, String stream) {
        return new Problem(
                503,
                "no-contract",
                "A contract isn't known yet",
                "view '" + view + "' waits for the contract of stream '" + stream
                        + "'; name it in `contract:`, or let a producer register it");
    }

    public static Problem unknownColumn(ViewTable view, String name) {
        List<String> columns = view.columns().stream().map(Column::name).toList();
        return new Problem(
                        400,
                        "unknown-column",
                        "Unknown column",
                        "view '" + view.name() + "' has no column '" + name + "'; it has " + String.join(", ", columns))
                .with("columns", columns);
    }

    public static Problem unknownOperator(Column column, String name) {
        List<String> operators =
                Operator.of(column.type()).stream().map(Operator::word).toList();
        return new Problem(
                        400,
                        "unknown-operator",
                        "Unknown operator",
                        "column '" + column.name() + "' has no operator '" + name + "'; it has "
                                + String.join(", ", operators))
                .with("operators", operators);
    }

    public static Problem badValue(Column column, String expected) {
        return new Problem(
                        400,
                        "bad-value",
                        "Value of the wrong type",
                        "column '" + column.name() + "' is of type "
                                + column.type().postgres() + " and takes " + expected)
                .with("column", column.name())
                .with("type", column.type().postgres());
    }

    public static Problem badParameter(String name, String detail) {
        return new Problem(400, "bad-parameter", "Parameter out of range or malformed", detail).with("parameter", name);
    }

    public static Problem wrongKey(ViewTable view, int given) {
        return new Problem(
                        400,
                        "wrong-key",
                        "Key with too few or too many parts",
                        "a row of view '" + view.name() + "' is named by "
                                + view.key().size() + " part(s), " + String.join("/", view.key()) + ", not by " + given)
                .with("key", view.key());
    }

    public static Problem noRow(ViewTable view, String key) {
        return new Problem(
                404, "no-row", "No such row", "view '" + view.name() + "' has no row with the key '" + key + "'");
    }

    static Problem tooSlow(ViewTable view, long milliseconds) {
        return new Problem(
                503,
                "too-slow",
                "The query took too long",
                "the query of view '" + view.name() + "' was ended after " + milliseconds
                        + " ms (leat.query.timeout); ask for fewer rows or filter by the key");
    }

    static Problem viewIsChanging(ViewTable view) {
        return new Problem(
                503,
                "view-is-changing",
                "The view is being changed",
                "view '" + view.name() + "' is being changed right now; ask again");
    }

    public static Problem postgresIsAway() {
        return new Problem(
                503,
                "postgres-unavailable",
                "Postgres doesn't answer",
                "Postgres can't be reached now; ask again later");
    }
}
