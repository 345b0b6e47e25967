package dev.leat.view.rebuild;

import dev.leat.catalog.Definitions;
import dev.leat.catalog.PgLaneViews;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.postgres.Transacting;
import dev.leat.postgres.Tx;
import dev.leat.schema.contract.ContractException;
import dev.leat.view.rebuild.Rebuild.Source;
import dev.leat.view.table.DeclaredDefinitions;
import dev.leat.view.table.ViewWriters;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Finds at start-up which views are declared otherwise than Postgres has them, and which new ones are on streams that have
 * been read. Requests their rebuild; the instance that started last decides. Blocks.
 */
@ApplicationScoped
public class DefinitionChanges {

    private static final Logger LOG = Logger.getLogger(DefinitionChanges.class);

    private static final String SELECT_ACTIVE = """
            SELECT definition, definition_hash, streams, kind, key, left_at FROM leat.view WHERE name = $1""";
    private static final String SAVE_DEFINITION =
            "UPDATE leat.view SET definition = $2 WHERE name = $1 AND definition_hash = $3";
    // This instance applies its batches without them. Those that only read other views have no definition.
    private static final String LEFT = """
            WHERE (definition ->> 'stream' = $1 OR definition -> 'streams' ? $1
                OR definition IS NULL AND $1 = ANY (streams) OR NOT streams && $3)
              AND name <> ALL($2) AND becomes IS NULL AND left_at IS NULL""";
    private static final String SELECT_LEFT = "SELECT name FROM leat.view " + LEFT;
    private static final String LEAVE = "UPDATE leat.view SET left_at = now() " + LEFT + " RETURNING name";

    private final Transacting transactions;
    private final Pipeline pipeline;
    private final DeclaredDefinitions definitions;
    private final ViewWriters writers;
    private final RebuildRequests requests;

    DefinitionChanges(
            Transacting transactions,
            Pipeline pipeline,
            DeclaredDefinitions definitions,
            ViewWriters writers,
            RebuildRequests requests) {
        this.transactions = transactions;
        this.pipeline = pipeline;
        this.definitions = definitions;
        this.writers = writers;
        this.requests = requests;
    }

    /** What to do about a view. */
    private enum Verdict {
        NOTHING,
        REBUILD,
        BUILD,
        /** The running rebuild isn't wanted any more. */
        CANCEL
    }

    /**
     * To be called before the stream's tables are created.
     *
     * @throws ContractException when a view can't become what it is declared as
     */
    public void settle(Stream stream) {
        String[] views = pipeline.views().keySet().toArray(String[]::new);
        String[] streams = pipeline.streams().keySet().toArray(String[]::new);
        Tuple parameters = Tuple.tuple().addValue(stream.name()).addValue(views).addValue(streams);
        if (transactions.run(tx -> tx.execute(SELECT_LEFT, parameters).rowCount() > 0)) {
            for (Row left : transactions.run(tx -> leave(tx, parameters))) {
                LOG.infof(
                        "nobody declares view=%s any more: it keeps its rows; drop it with DELETE", left.getString(0));
            }
        }
        pipeline.viewsOf(stream).forEach(view -> settle(stream, view));
    }

    /** The same for one view that couldn't be created until now: its streams may have been read without it. */
    void settle(View view) {
        view.streams().stream().map(pipeline::stream).forEach(stream -> settle(stream, view));
    }

    /** Other instances stop at once, or some of its rows would have their lanes' events and others not. */
    private static RowSet<Row> leave(Tx tx, Tuple parameters) {
        PgLaneViews.lockLanesInTransaction(tx);
        return tx.execute(LEAVE, parameters);
    }

    private void settle(Stream stream, View view) {
        Optional<String> running = transactions.run(tx -> PgRebuilds.hashOfRunning(tx, view.name()));
        switch (transactions.run(tx -> verdict(tx, stream, view, running))) {
            case NOTHING -> {}
            case REBUILD -> request(view, Source.ALL, running.isPresent(), "its definition has changed");
            case BUILD -> request(view, Source.LAKE, running.isPresent(), "its streams have been read before");
            case CANCEL -> {
                LOG.infof("rebuild cancelled view=%s: the active generation is what is declared", view.name());
                requests.cancel(view.name());
            }
        }
    }

    private void request(View view, Source source, boolean isRunning, String why) {
        try {
            if (isRunning) {
                requests.cancel(view.name());
            }
            requests.request(view.name(), source);
            LOG.infof("rebuild requested view=%s: %s", view.name(), why);
        } catch (RebuildConflict conflict) {
            LOG.warnf("not rebuilt view=%s, though %s: %s", view.name(), why, conflict.getMessage());
        }
    }

    private Verdict verdict(Tx tx, Stream stream, View view, Optional<String> running) {
        String hash = definitions.hash(view);
        for (Row active : tx.execute(SELECT_ACTIVE, Tuple.of(view.name()))) {
            if (active.getJsonObject("definition") == null) {
                // It only reads other views, and nothing is kept for it.
                return view instanceof View.Sql && isRead(tx, stream) ? rebuild(hash, running) : Verdict.NOTHING;
            }
            if (view instanceof View.OfStream ofStream) {
                requireKey(stream, ofStream, active);
            }
            if (hash.equals(active.getString("definition_hash")) && active.getOffsetDateTime("left_at") == null) {
                tx.execute(SAVE_DEFINITION, Tuple.of(view.name(), Definitions.write(definitions.resolved(view)), hash));
                return running.isPresent() && !running.get().equals(hash) ? Verdict.CANCEL : Verdict.NOTHING;
            }
            return rebuild(hash, running);
        }
        if (running.filter(hash::equals).isPresent() || !isRead(tx, stream) || !definitions.keepsState(tx, view)) {
            return Verdict.NOTHING;
        }
        return Verdict.BUILD;
    }

    private static Verdict rebuild(String hash, Optional<String> running) {
        return running.filter(hash::equals).isPresent() ? Verdict.NOTHING : Verdict.REBUILD;
    }

    private static boolean isRead(Tx tx, Stream stream) {
        return PgLaneViews.areRead(tx, List.of(stream.topic()));
    }

    /** Deletes in the lake have only the old key's columns, so a view with another key can't be derived from them. */
    private void requireKey(Stream stream, View.OfStream view, Row active) {
        List<String> existing = Arrays.asList(active.getArrayOfStrings("key"));
        List<String> declared = writers.of(view).key();
        if (active.getString("kind").equals(view.kind())
                && List.of(active.getArrayOfStrings("streams")).equals(view.streams())
                && !existing.equals(declared)) {
            throw new ContractException(
                    stream.at("key") + ": view " + view.name() + " has key " + String.join(", ", existing)
                            + ", and the pipeline says " + String.join(", ", declared)
                            + ": a key can't be changed by a rebuild, for deletes in the lake know the old one only; give the"
                            + " view and its stream other names, or go back to key: " + String.join(", ", existing));
        }
    }
}
