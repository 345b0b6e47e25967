package dev.leat.view.redrive;

import dev.leat.pipeline.Pipeline;
import dev.leat.postgres.Transacting;
import dev.leat.schema.topic.TopicDecoder;
import dev.leat.schema.types.Rows;
import dev.leat.view.deduplication.SeenEvents;
import dev.leat.view.lane.LaneWriters;
import dev.leat.view.redrive.RedriveTransaction.Result;
import dev.leat.view.redrive.RedriveTransaction.TablesBehind;
import dev.leat.view.redrive.RedriveTransaction.Task;
import dev.leat.view.table.ViewTables;
import dev.leat.view.time.StreamTimes;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Redrives with whatever columns the events bring. Which these are is only known once the lane stands still, and then no
 * table may change: the transaction is given up, the tables get their columns, and it is tried anew.
 */
record RedriveAttempts(
        Transacting transactions,
        Pipeline pipeline,
        ViewTables tables,
        LaneWriters writers,
        SeenEvents seen,
        StreamTimes times) {

    /**
     * @param decoder made once the lane stands still, with the columns that the views have then
     * @param lake takes, in the transaction, rows that it never got
     */
    Result run(Task task, Supplier<TopicDecoder> decoder, BiConsumer<SqlConnection, Rows> lake) {
        while (true) {
            LocalDate today = LocalDate.now(ZoneOffset.UTC);
            pipeline.streamsOf(task.topic()).forEach(stream -> seen.ensure(stream, today));
            try {
                return transactions.run(
                        tx -> new RedriveTransaction(tx, task, pipeline, decoder, tables, writers, seen, times, lake)
                                .run(today));
            } catch (TablesBehind behind) {
                behind.rows().forEach(rows -> tables.ensure(rows.stream(), rows.shape()));
            }
        }
    }
}
