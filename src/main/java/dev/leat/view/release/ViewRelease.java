package dev.leat.view.release;

import dev.leat.catalog.Definitions;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.postgres.Transacting;
import dev.leat.postgres.Tx;
import dev.leat.view.deadletter.WaitingEvents;
import dev.leat.view.lane.apply.LaneWriters;
import dev.leat.view.sql.RightSide;
import dev.leat.view.table.ViewTables;
import dev.leat.view.time.ClosedThrough;
import dev.leat.view.time.StreamTimes;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Releases what needn't wait any longer, a view at a time, in transactions of bounded length. Blocks. */
record ViewRelease(
        Transacting transactions,
        Pipeline pipeline,
        EventDecoder decoder,
        ViewTables tables,
        LaneWriters writers,
        StreamTimes times) {

    // Whichever instance has made them: a generation, too, once a lane applies its batches to it. And those that waited
    // once.
    private static final String SELECT_VIEWS = """
            SELECT name, definition FROM leat.view AS v
            WHERE kind = 'sql' AND left_at IS NULL
              AND EXISTS (SELECT FROM leat.waiting_event AS w WHERE w.view = v.name)
            ORDER BY name""";

    private static final Instant ALL = Instant.parse("9999-12-31T00:00:00Z");

    /** The views that events wait for, of streams that are declared here. */
    List<View.Sql> views() {
        return transactions.run(tx -> {
            List<View.Sql> views = new ArrayList<>();
            for (Row row : tx.execute(SELECT_VIEWS, Tuple.tuple())) {
                View.Sql view = (View.Sql) Definitions.read(row.getString("name"), row.getJsonObject("definition"));
                if (pipeline.streams().keySet().containsAll(view.streams())) {
                    views.add(view);
                }
            }
            return views;
        });
    }

    Released release(View.Sql view) {
        Stream stream = pipeline.stream(view.streams().getFirst());
        Released all = Released.NOTHING;
        List<Integer> partitions;
        do {
            WaitingEvents.Due due = transactions.run(tx -> due(tx, view, stream));
            partitions = transactions.run(tx -> WaitingEvents.partitionsInTransaction(tx, due));
            Released now = Released.NOTHING;
            for (int partition : partitions) {
                now = now.plus(release(stream, due, partition));
            }
            if (now.events() == 0) {
                return all;
            }
            all = all.plus(now);
        } while (!partitions.isEmpty());
        return all;
    }

    private WaitingEvents.Due due(Tx tx, View.Sql view, Stream stream) {
        return new WaitingEvents.Due(
                view.name(),
                stream.topic(),
                ClosedThrough.inTransaction(tx, view.name()),
                came(tx, view).orElse(null));
    }

    /** Those that came then have waited as long as the view says, and their right side has come as far as it can. */
    private Optional<Instant> came(Tx tx, View.Sql view) {
        RightSide right = RightSide.of(pipeline, view);
        return view.longestWait().isEmpty()
                ? Optional.of(ALL)
                : Optional.of(right)
                        .filter(side -> side.isUpToDateInTransaction(tx))
                        .flatMap(side -> times.completeInTransaction(tx, side.streamsIn(pipeline)))
                        .map(complete -> complete.minus(view.longestWait().get()));
    }

    /** With whatever columns the events bring: they are only known once the lane is held, and then no table may change. */
    private Released release(Stream stream, WaitingEvents.Due due, int partition) {
        while (true) {
            try {
                return transactions.run(tx ->
                        new ReleaseTransaction(tx, stream, due, partition, decoder, tables).run(pipeline, writers));
            } catch (TablesLagging lagging) {
                lagging.rows().forEach(rows -> tables.ensure(rows.stream(), rows.shape()));
            }
        }
    }
}
