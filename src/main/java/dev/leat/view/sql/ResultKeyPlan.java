package dev.leat.view.sql;

import dev.leat.pipeline.Stream;
import dev.leat.postgres.Sql;
import dev.leat.schema.types.Column;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * One row for each value of columns of the result: what the SELECT makes of the newest event that has it. A delete of the
 * stream's key changes nothing here, for it doesn't say which row it means.
 */
final class ResultKeyPlan extends ResultPlan {

    private final Stream stream;

    /** @param stream the first one that the SELECT reads */
    ResultKeyPlan(ValidatedSelect validated, RowOrigin origins, Stream stream, List<String> key, String table) {
        super(validated, origins, table(validated, origins, key, table));
        this.stream = stream;
    }

    private static SqlStateTable table(ValidatedSelect validated, RowOrigin origins, List<String> key, String table) {
        LinkedHashMap<String, String> columns = new LinkedHashMap<>(validated.types());
        columns.put("_time", "timestamp with time zone");
        origins.columns().forEach(c -> columns.put(c.name(), c.type().postgres()));
        return new SqlStateTable(table, columns, key);
    }

    @Override
    public List<Column> columns() {
        return validated.columns();
    }

    @Override
    public boolean sharesRows() {
        return true;
    }

    @Override
    public String kept() {
        return "One row for each " + String.join(", ", key())
                + ": what the SELECT makes of the newest event that has it. Deletes" + " change nothing.";
    }

    @Override
    public String mergeStatement(BoundSelect bound) {
        String keys = Sql.list(key(), Sql::quote);
        List<String> updated = new ArrayList<>(all());
        updated.removeAll(key());
        return inserting(bound, ", " + origins.time() + " AS _time", " AS _old") + "SELECT DISTINCT ON (" + keys + ") "
                + Sql.list(all(), Sql::quote) + " FROM _result ORDER BY " + keys + ", " + newestFirst()
                + "\nON CONFLICT (" + keys + ") DO UPDATE SET "
                + Sql.list(updated, c -> Sql.quote(c) + " = excluded." + Sql.quote(c)) + "\nWHERE " + isNewer();
    }

    private String newestFirst() {
        if (origins.isPair()) {
            return ranks("") + " DESC";
        }
        return stream.eventTime().isDeclared() ? "_time DESC, _offset DESC" : "_offset DESC";
    }

    /** Of pairs, other than of events, it can't be told by when they come which is the newer one. */
    private String isNewer() {
        if (origins.isPair()) {
            return ranks("_old.") + " < " + ranks("excluded.");
        }
        return stream.eventTime().isDeclared()
                ? "_old._time < excluded._time OR _old._time = excluded._time AND " + SqlStateTable.IS_LATER
                : SqlStateTable.IS_LATER;
    }

    private String ranks(String alias) {
        return "(" + alias + "_time, " + Sql.list(origins.columns(), c -> "coalesce(" + alias + c.name() + ", -1)")
                + ")";
    }
}
