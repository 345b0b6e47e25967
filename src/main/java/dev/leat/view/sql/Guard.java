package dev.leat.view.sql;

import dev.leat.postgres.Sql;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What is computed out of a group's row, and may fail for it, as {@code sum(a) / count(b)} where no b came yet. By functions
 * of Postgres: for a row that can't be computed the value is null, and another function says why. So no group keeps the others
 * from being read, closed or emitted. Named after what they compute, so that equal ones are the same and none is ever changed.
 *
 * <p>Costs a subtransaction a row that is read, some microseconds. Aggregates as they are need none of it.
 */
record Guard(String schema, LinkedHashMap<String, String> parameters, String expression, String type) {

    /** Classes that say nothing of the row: the query fails, as it would without us. */
    private static final String RAISED = "('08', '25', '40', '53', '55', '57', '58', 'XX')";

    /**
     * @param state the table of the groups
     * @param expression over its columns
     * @param type Postgres's, of the result
     */
    static Guard of(SqlStateTable state, String expression, String type) {
        LinkedHashMap<String, String> parameters = new LinkedHashMap<>();
        state.columns().keySet().forEach(column -> {
            String name = Pattern.quote(column);
            if (Pattern.compile("(?<!\\w)" + name + "(?!\\w)")
                    .matcher(expression)
                    .find()) {
                parameters.put(column, state.type(column));
            }
        });
        return new Guard(state.schema(), parameters, expression, type);
    }

    /** The value, or null: an expression over the table. */
    String value() {
        return function("guarded") + arguments();
    }

    /** Why there is no value, or null: an expression over the table. */
    String problem() {
        return function("problem") + arguments();
    }

    /** Where to see which groups can't be computed, and why. */
    String explained(SqlStateTable state) {
        return expression.strip() + " is null for groups that can't be computed; which and why: SELECT "
                + Sql.list(state.key(), Sql::quote) + ", " + problem() + " FROM " + state.name() + " WHERE " + problem()
                + " IS NOT NULL";
    }

    private String arguments() {
        return "(" + Sql.list(List.copyOf(parameters.keySet()), Sql::quote) + ")";
    }

    /** The statements that create the functions, where they don't exist. */
    List<String> statements() {
        // Parsed now, by the search path of now, whatever a reader's is. Postgres puts it inline where it is called.
        return List.of(
                create("computed", type, "sql") + "RETURN (" + expression + ")::" + type,
                create("guarded", type, "plpgsql") + "AS " + body("RETURN " + computed() + ";", "RETURN NULL;"),
                create("problem", "text", "plpgsql") + "AS "
                        + body("PERFORM " + computed() + "; RETURN NULL;", "RETURN SQLERRM;"));
    }

    private String create(String what, String returned, String language) {
        String declared = parameters.entrySet().stream()
                .map(p -> Sql.quote(p.getKey()) + " " + p.getValue())
                .collect(Collectors.joining(", ", "(", ")"));
        return "CREATE OR REPLACE FUNCTION " + function(what) + declared + " RETURNS " + returned + " LANGUAGE "
                + language + " STABLE ";
    }

    private static String body(String steps, String otherwise) {
        return "$guard$ BEGIN " + steps + " EXCEPTION WHEN OTHERS THEN IF left(SQLSTATE, 2) IN " + RAISED
                + " THEN RAISE; END IF; " + otherwise + " END $guard$";
    }

    private String computed() {
        StringBuilder call = new StringBuilder(function("computed")).append("(");
        for (int i = 1; i <= parameters.size(); i++) {
            call.append(i == 1 ? "$" : ", $").append(i);
        }
        return call.append(")").toString();
    }

    private String function(String what) {
        String all = parameters + " " + expression + " " + type;
        return schema + "."
                + Sql.quote(what + "_"
                        + UUID.nameUUIDFromBytes(all.getBytes(StandardCharsets.UTF_8))
                                .toString()
                                .replace("-", ""));
    }
}
