package dev.leat.view.table;

import dev.leat.catalog.ColumnDdl;
import dev.leat.catalog.StoredDefinitions;
import dev.leat.catalog.TableUsers;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.postgres.Transacting;
import dev.leat.schema.types.Shape;
import dev.leat.view.writer.UnfitView;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Adds the columns that a stream's events have got to the tables of its views, each in a transaction of its own. A view that
 * can't have them is left out while it rests, and gets them when it catches up. Thread-safe; blocks.
 */
final class StreamGrowth {

    private static final Logger LOG = Logger.getLogger(StreamGrowth.class);

    private static final String SELECT_EXISTING = """
            SELECT name FROM leat.view
            WHERE streams = ARRAY[$1] AND kind NOT IN ('sql', 'fold') AND left_at IS NULL ORDER BY name""";

    private final Pipeline pipeline;
    private final Transacting transactions;
    private final StreamTables tables;
    private final TableUsers users;

    // Those that were left out, by name.
    private final Set<String> leftOut = ConcurrentHashMap.newKeySet();

    StreamGrowth(Pipeline pipeline, Transacting transactions, StreamTables tables, TableUsers users) {
        this.pipeline = pipeline;
        this.transactions = transactions;
        this.tables = tables;
        this.users = users;
    }

    /** @return what is against the first view that can't have them and doesn't rest; all others have them */
    Optional<UnfitView> growAll(Stream stream, Shape shape) {
        Optional<UnfitView> first = Optional.empty();
        for (String view : existing(stream)) {
            try {
                grow(stream, view, shape);
                leftOut.remove(view);
            } catch (UnfitView unfit) {
                if (!pipeline.views().containsKey(view)) {
                    // Another instance's, with a view of the stream that we don't declare.
                    LOG.warnf("not grown view=%s error=%s", view, unfit.getMessage());
                } else if (transactions.run(tx -> StoredDefinitions.rests(tx, view))) {
                    leftOut.add(view);
                } else {
                    first = first.or(() -> Optional.of(unfit));
                }
            }
        }
        return first;
    }

    /** Of one that was left out. */
    void growAgain(View view, Stream stream, Shape shape) {
        if (leftOut.contains(view.name())) {
            grow(stream, view.name(), shape);
            leftOut.remove(view.name());
        }
    }

    private void grow(Stream stream, String view, Shape shape) {
        try {
            transactions.run(tx -> {
                ColumnDdl.lock(tx, view);
                tables.growInTransaction(tx, stream, view, shape);
                return null;
            });
        } catch (PgException e) {
            throw users.named(view, e);
        }
    }

    private List<String> existing(Stream stream) {
        return transactions.run(tx -> {
            List<String> existing = new ArrayList<>();
            tx.execute(SELECT_EXISTING, Tuple.of(stream.name())).forEach(row -> existing.add(row.getString(0)));
            return existing;
        });
    }
}
