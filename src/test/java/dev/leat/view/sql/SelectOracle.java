package dev.leat.view.sql;

import dev.leat.view.lane.SqlFixture;
import java.util.List;

/** Postgres, asked for everything at once. */
final class SelectOracle {

    private SelectOracle() {}

    /**
     * How a view differs from its SELECT; empty where it doesn't. The columns that a view has besides are left out.
     *
     * @param with what stands for what the SELECT reads, as {@code WITH a AS (…)}
     */
    static String difference(SqlFixture views, String with, String select, String view) {
        String columns = columns(views, view);
        List<String> expected =
                texts(views.rows(with + " SELECT ROW(" + columns + ")::text FROM (" + select + ") AS _o ORDER BY 1"));
        List<String> actual = texts(views.rows("SELECT ROW(" + columns + ")::text FROM views." + view + " ORDER BY 1"));
        return actual.equals(expected)
                ? ""
                : view + ": " + select + "\n  expected " + expected + "\n  but was  " + actual + "\n";
    }

    /** The columns of a view that its SELECT gives, quoted, in order. */
    static String columns(SqlFixture views, String view) {
        return views.rows(
                        "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid ="
                                + " 'views." + view
                                + "'::regclass AND attnum > 0 AND attname !~ '^_|^final$|^session_end$'")
                .getFirst()
                .getFirst()
                .toString();
    }

    /**
     * A SELECT of the difference: a row for each that one of the two hasn't, or has less often.
     *
     * @param columns of the view
     */
    static String symmetricDifference(String select, String view, String columns) {
        String expected = "SELECT ROW(" + columns + ")::text FROM (" + select + ") AS _o";
        String actual = "SELECT ROW(" + columns + ")::text FROM views." + view;
        return "(" + expected + " EXCEPT ALL " + actual + ") UNION ALL (" + actual + " EXCEPT ALL " + expected + ")";
    }

    private static List<String> texts(List<List<Object>> rows) {
        return rows.stream().map(row -> row.getFirst().toString()).toList();
    }
}
