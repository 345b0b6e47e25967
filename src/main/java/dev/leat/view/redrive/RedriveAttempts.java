package dev.leat.view.redrive;

import dev.leat.pipeline.Pipeline;
import dev.leat.postgres.Transacting;
import dev.leat.schema.topic.TopicDecoder;
import dev.leat.schema.types.Rows;
import dev.leat.view.deduplication.SeenEvents;
import dev.leat.view.lane.apply.LaneWriters;
import dev.leat.view.redrive.RedriveAttempt.Done;
import dev.leat.view.redrive.RedriveAttempt.TablesLagging;
import dev.leat.view.table.ViewTables;
import dev.leat.view.time.StreamTimes;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Redrives with whatever columns the events bring. Which these are is only known once the lane is locked, and then no
 * table may change. So the transaction is rolled back, the tables get their columns, and it is tried again.
 */
record RedriveAttempts(
        Transacting transactions,
        Pipeline pipeline,
        ViewTables tables,
        LaneWriters writers,
        SeenEvents seen,
        StreamTimes times) {

    /** Rolls the transaction back; caught around it. */
    private static final class RolledBack extends RuntimeException {

        private final transient TablesLagging why;

        RolledBack(TablesLagging why) {
            super("tables lack columns", null, false, false);
            this.why = why;
        }
    }

    /**
     * @param decoder made once the lane is locked, with the columns that the views have then
     * @param lake takes, in the transaction, rows that it never got
     */
    Done run(RedriveTask task, Supplier<TopicDecoder> decoder, BiConsumer<SqlConnection, Rows> lake) {
        while (true) {
            LocalDate today = LocalDate.now(ZoneOffset.UTC);
            pipeline.streamsOf(task.topic()).forEach(stream -> seen.ensure(stream, today));
            switch (attempt(task, decoder, lake, today)) {
                case Done done -> {
                    return done;
                }
                case TablesLagging lagging ->
                    lagging.rows().forEach(rows -> tables.ensure(rows.stream(), rows.shape()));
            }
        }
    }

    private RedriveAttempt attempt(
            RedriveTask task, Supplier<TopicDecoder> decoder, BiConsumer<SqlConnection, Rows> lake, LocalDate today) {
        try {
            return transactions.run(tx -> {
                RedriveAttempt attempt = new RedriveTransaction(
                                tx, task, pipeline, decoder, tables, writers, seen, times, lake)
                        .run(today);
                if (attempt instanceof TablesLagging lagging) {
                    throw new RolledBack(lagging);
                }
                return attempt;
            });
        } catch (RolledBack e) {
            return e.why;
        }
    }
}
