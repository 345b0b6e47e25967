package dev.leat.query;

import dev.leat.catalog.ViewTable;
import dev.leat.http.Problem;
import dev.leat.schema.types.Column;
import java.util.List;

/** The problems of a question about a view; each says what exists or what was expected. */
public final class ViewProblems {

    private ViewProblems() {}

    static Problem noQueryRole() {
        return new Problem(
                404,
                "no-query-role",
                "This process answers no queries",
                "this process doesn't have the role 'query'; set leat.roles, or ask a process that has it");
    }

    static Problem unknownColumn(ViewTable view, String name) {
        List<String> columns = view.columns().stream().map(Column::name).toList();
        return new Problem(
                        400,
                        "unknown-column",
                        "Unknown column",
                        "view '" + view.name() + "' has no column '" + name + "'; it has " + String.join(", ", columns))
                .with("columns", columns);
    }

    static Problem unknownOperator(Column column, String name) {
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

    static Problem badValue(Column column, String expected) {
        return new Problem(
                        400,
                        "bad-value",
                        "Value of the wrong type",
                        "column '" + column.name() + "' is of type "
                                + column.type().postgres() + " and takes " + expected)
                .with("column", column.name())
                .with("column_type", column.type().postgres());
    }

    static Problem wrongKey(ViewTable view, int given) {
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

    static Problem notComputable(ViewTable view, String message) {
        return new Problem(
                422,
                "not-computable",
                "A row can't be computed",
                "view '" + view.name() + "' can't be computed for a row that was asked for: " + message
                        + "; mend its SELECT, as with nullif(…, 0), or filter the row out");
    }

    static Problem postgresUnavailable() {
        return new Problem(
                503,
                "postgres-unavailable",
                "Postgres doesn't answer",
                "Postgres can't be reached now; ask again later");
    }
}
