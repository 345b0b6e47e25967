package dev.leat.view.sql;

import dev.leat.pipeline.Stream;
import dev.leat.postgres.Sql;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.Rows;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/**
 * One row for each value of columns of the result: what the SELECT makes of the newest event that has it. A delete of the
 * stream's key changes nothing here, for it doesn't say which row it means.
 */
final class ResultKeyPlan implements EventPlan {

    private final ValidatedSelect validated;
    private final RowOrigin origins;
    private final Stream stream;
    private final BatchRelation batch;
    private final List<String> key;
    private final SqlStateTable state;

    /** @param stream the first one that the SELECT reads */
    ResultKeyPlan(ValidatedSelect validated, RowOrigin origins, Stream stream, List<String> key, String table) {
        this.validated = validated;
        this.origins = origins;
        this.stream = stream;
        this.key = key;
        this.batch = BatchRelation.of(validated, origins.streams().getFirst());
        LinkedHashMap<String, String> columns = new LinkedHashMap<>(validated.types());
        columns.put("_time", "timestamp with time zone");
        origins.columns().forEach(c -> columns.put(c.name(), c.type().postgres()));
        this.state = new SqlStateTable(table, columns, key);
    }

    @Override
    public List<Column> columns() {
        return validated.columns();
    }

    @Override
    public List<String> key() {
        return key;
    }

    @Override
    public boolean sharesRows() {
        return true;
    }

    @Override
    public Optional<SqlStateTable> state() {
        return Optional.of(state);
    }

    @Override
    public Optional<String> visible() {
        return Optional.of("SELECT " + ValidatedSelect.cast(columns()) + " FROM " + state.name());
    }

    @Override
    public BoundSelect bound(Rows rows, int[] events) {
        return batch.bound(origins.streams().getFirst(), rows, events, validated.fromWhere());
    }

    @Override
    public String kept() {
        return "One row for each " + String.join(", ", key)
                + ": what the SELECT makes of the newest event that has it. Deletes" + " change nothing.";
    }

    @Override
    public String mergeStatement(BoundSelect bound) {
        List<String> all = List.copyOf(state.columns().keySet());
        String keys = Sql.list(key, Sql::quote);
        List<String> updated = new ArrayList<>(all);
        updated.removeAll(key);
        return "WITH " + bound.with() + ",\n_result AS (SELECT " + validated.items() + ", " + origins.time()
                + " AS _time, " + origins.named() + "\n" + bound.fromWhere() + ")\nINSERT INTO "
                + state.name() + " AS _old (" + Sql.list(all, Sql::quote) + ")\nSELECT DISTINCT ON (" + keys + ") "
                + Sql.list(all, Sql::quote) + " FROM _result ORDER BY " + keys + ", " + newestFirst()
                + "\nON CONFLICT (" + keys + ") DO UPDATE SET "
                + Sql.list(updated, c -> Sql.quote(c) + " = excluded." + Sql.quote(c)) + "\nWHERE " + isNewer();
    }

    private String newestFirst() {
        if (origins.isPair()) {
            return ranks("") + " DESC";
        }
        return stream.eventTime().field().isPresent() ? "_time DESC, _offset DESC" : "_offset DESC";
    }

    /** Of pairs, other than of events, it can't be told by when they come which is the newer one. */
    private String isNewer() {
        if (origins.isPair()) {
            return ranks("_old.") + " < " + ranks("excluded.");
        }
        return stream.eventTime().field().isPresent()
                ? "_old._time < excluded._time OR _old._time = excluded._time AND " + SqlStateTable.IS_LATER
                : SqlStateTable.IS_LATER;
    }

    private String ranks(String alias) {
        return "(" + alias + "_time, " + Sql.list(origins.columns(), c -> "coalesce(" + alias + c.name() + ", -1)")
                + ")";
    }
}
