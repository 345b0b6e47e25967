package dev.leat.view.sql;

import dev.leat.postgres.Sql;
import dev.leat.postgres.Tx;
import dev.leat.schema.types.Rows;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.pgclient.PgException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What WHERE asks of one of several relations alone: an event that doesn't meet it makes no row, whatever it is joined with.
 *
 * @param conditions as they go to Postgres; none: every event may make a row
 */
record OwnConditions(FromTable stream, BatchRelation batch, List<String> conditions) {

    static OwnConditions of(ValidatedSelect validated, FromTable stream) {
        SelectText text = validated.text();
        List<String> conditions = text.where().map(text.tokens()::conjuncts).orElse(List.of()).stream()
                .filter(condition -> isOf(validated, stream, text.text(condition)))
                .map(validated::edited)
                .filter(condition -> !condition.contains(Window.WINDOW))
                .toList();
        return new OwnConditions(stream, BatchRelation.of(validated, stream), conditions);
    }

    static OwnConditions none(ValidatedSelect validated, FromTable stream) {
        return new OwnConditions(stream, BatchRelation.of(validated, stream), List.of());
    }

    /** Postgres finds all that it names in that relation. */
    private static boolean isOf(ValidatedSelect validated, FromTable stream, String condition) {
        try {
            validated.dryRun().resolve("SELECT 1 AS found FROM " + from(stream) + "\nWHERE " + condition);
            return true;
        } catch (PgException ofOthers) {
            return false;
        }
    }

    private static String from(FromTable stream) {
        return Sql.quote(stream.relation().name()) + " AS " + Sql.quote(stream.alias());
    }

    /** Those of the events that meet them. */
    int[] met(Tx tx, Rows rows, int[] events) {
        if (events.length == 0 || conditions.isEmpty()) {
            return events;
        }
        String select = "WITH " + batch.with(rows) + "\nSELECT _offset FROM " + from(stream) + "\nWHERE ("
                + String.join(") AND (", conditions) + ")";
        Set<Long> met = new HashSet<>();
        for (Row row : tx.execute(select, batch.parameters(rows, events))) {
            met.add(row.getLong("_offset"));
        }
        return Arrays.stream(events)
                .filter(event -> met.contains(rows.offset(event)))
                .toArray();
    }
}
