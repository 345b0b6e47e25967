package dev.leat.view.table;

import dev.leat.catalog.ColumnDdl;
import dev.leat.catalog.Generations;
import dev.leat.catalog.LaneViews;
import dev.leat.catalog.PgLaneViews;
import dev.leat.catalog.StoredDefinitions;
import dev.leat.catalog.StoredInputs;
import dev.leat.catalog.TableUsers;
import dev.leat.failure.Failures;
import dev.leat.failure.Unavailable;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.View;
import dev.leat.postgres.PostgresConfig;
import dev.leat.postgres.Transacting;
import dev.leat.postgres.Tx;
import dev.leat.schema.types.Shape;
import dev.leat.view.outbox.Emitters;
import dev.leat.view.sql.SqlStateTables;
import dev.leat.view.sql.SqlView;
import dev.leat.view.table.SqlInputs.Inputs;
import dev.leat.view.time.ClosableView;
import dev.leat.view.time.ClosableViews;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The views in SQL, by whatever definition is stored for them. Creates each as soon as all that it reads exists; views that
 * others read come first.
 */
@ApplicationScoped
class SqlViews implements ClosableViews {

    private final Pipeline pipeline;
    private final Transacting transactions;
    private final Emitters emitters;
    private final SqlStateTables states;
    private final KnownSqlViews views;
    private final SqlViewRows rows;
    private final RefusedViews refused;
    private final TableUsers users;

    private final SqlInputs inputs = new SqlInputs();

    // The inputs that each view was created for. Lanes race here only to do the same thing twice.
    private final Map<SqlView, Inputs> made = new ConcurrentHashMap<>();
    private final Map<SqlView, Inputs> checked = new ConcurrentHashMap<>();

    SqlViews(Pipeline pipeline, PostgresConfig config, Transacting transactions, Emitters emitters, Failures failures) {
        this.pipeline = pipeline;
        this.rows = new SqlViewRows(pipeline);
        this.transactions = transactions;
        this.emitters = emitters;
        this.refused = new RefusedViews(failures);
        this.users = new TableUsers(config, transactions);
        this.states = new SqlStateTables(config.schema());
        this.views = new KnownSqlViews(pipeline, config.schema(), this::isMadeAsKept);
    }

    @Override
    public Collection<ClosableView> closableViews() {
        return views.closable();
    }

    SqlView of(View.Sql view) {
        return views.of(view);
    }

    /** Another instance may have replaced a view, and no batch has told us. */
    @Override
    public void refresh() {
        if (views.wereReplaced()) {
            ensure(Map.of());
        }
    }

    /** Within the transaction of a batch, after the lane's views were confirmed. */
    void use(String topic, LaneViews lane, List<SqlView> all) {
        views.use(topic, lane, all);
    }

    /**
     * Creates what is declared and doesn't exist, and adds columns to what exists. One that can't be made stops alone.
     *
     * @param known what the streams look like, as far as their contracts are known
     * @throws RuntimeException an outage
     */
    void ensure(Map<String, Shape> known) {
        inputs.learn(known);
        Map<String, View> existing = transactions.run(tx -> StoredDefinitions.all(tx, "sql"));
        for (View.Sql view : views.declared()) {
            View there = existing.remove(view.name());
            make(of(there == null ? view : (View.Sql) there));
            check(of(view));
        }
        existing.values().forEach(view -> make(of((View.Sql) view)));
    }

    /** Those that can't be created. */
    RefusedViews refused() {
        return refused;
    }

    /**
     * Tries whether a view that couldn't be created can be by now, and leaves nothing behind.
     *
     * @throws RuntimeException an outage
     */
    boolean canBeCreated(SqlView view) {
        try {
            transactions.run(tx -> {
                ColumnDdl.lock(tx);
                made(tx, view, inputs.require(tx, view.view()));
                throw new DryRunOver();
            });
        } catch (DryRunOver over) {
            return true;
        } catch (RuntimeException e) {
            refuse(view, e);
        }
        return false;
    }

    /** Rolls back. */
    private static final class DryRunOver extends RuntimeException {
        DryRunOver() {
            super("a dry run is over", null, false, false);
        }
    }

    /**
     * Creates a view that couldn't be, while no lane applies anything; not where its streams have been read without it.
     *
     * @throws RuntimeException an outage
     */
    void createAgain(SqlView view) {
        try {
            transactions.run(tx -> ensureInTransaction(tx, view, true)).ifPresent(known -> {
                connect(view);
                made.put(view, known);
            });
            if (transactions.run(tx -> isThere(tx, view.view()))) {
                refused.created(view);
            }
        } catch (RuntimeException e) {
            refuse(view, e);
        }
    }

    private static boolean isThere(Tx tx, View.Sql view) {
        return StoredDefinitions.find(tx, view.name()).isPresent() || StoredDefinitions.isRebuilt(tx, view.name());
    }

    private void refuse(SqlView view, RuntimeException why) {
        if (Unavailable.is(why)) {
            throw why;
        }
        transactions.run(tx -> inputs.of(tx, view.view())).ifPresent(wanted -> refuse(view, wanted, why));
    }

    /** One that couldn't take its streams' columns catches up: by now it may be able to. */
    void makeAgain(View.Sql view) {
        SqlView sqlView = of(view);
        if (transactions
                .run(tx -> inputs.of(tx, view))
                .filter(wanted -> refused.has(sqlView, wanted))
                .isPresent()) {
            refused.resume(sqlView);
            make(sqlView);
        }
    }

    /** Before a lane applies to it: another instance may have created it only now, or somebody has resumed it. */
    void require(View.Sql view) {
        SqlView sqlView = of(view);
        if (refused.isUncreated(sqlView)) {
            refused.created(sqlView);
        }
        if (refused.isResumed(sqlView) || !made.containsKey(sqlView)) {
            make(sqlView);
        }
    }

    /** A declared view that isn't created yet, because another one is active, is refused as early as others. */
    private void check(SqlView view) {
        if (made.containsKey(view)) {
            return;
        }
        Optional<Inputs> wanted = transactions.run(tx -> inputs.of(tx, view.view()));
        if (wanted.filter(i -> !i.equals(checked.put(view, i))).isPresent()) {
            attempt(
                    view,
                    wanted.get(),
                    () -> transactions.run(tx -> view.checkInTransaction(
                            tx, wanted.get().streams(), wanted.get().views())));
        }
    }

    /** What widens an existing view's columns is done while no lane applies anything by the plan for the narrow ones. */
    private void make(SqlView view) {
        Optional<Inputs> wanted =
                transactions.run(tx -> inputs.of(tx, view.view())).filter(i -> !i.equals(made.get(view)));
        if (wanted.isEmpty() || refused.has(view, wanted.get()) && isStillRefused(view)) {
            return;
        }
        attempt(view, wanted.get(), () -> {
            boolean widens = transactions.run(tx -> widens(tx, view));
            if (widens) {
                users.await(view.view());
            }
            transactions.run(tx -> ensureInTransaction(tx, view, widens)).ifPresent(known -> {
                connect(view);
                made.put(view, known);
            });
            refused.remove(view);
        });
    }

    /** Another instance may have widened it since. */
    private boolean isStillRefused(SqlView view) {
        return refused.isUncreated(view) || transactions.run(tx -> widens(tx, view));
    }

    /** Whether the plan that this instance has is for the columns that the view is kept for. */
    private boolean isMadeAsKept(Tx tx, View.Sql view) {
        Inputs known = made.get(of(view));
        return known == null || !known.retypes(StoredInputs.find(tx, view.name()));
    }

    private void connect(SqlView view) {
        if (Generations.isGeneration(view.view().name())) {
            view.connectWithoutTopic();
        } else {
            view.connect(emitters);
        }
    }

    /** What one view can't become stops that view alone. */
    private void attempt(SqlView view, Inputs wanted, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            if (Unavailable.is(e)) {
                throw users.named(view.view().name(), e);
            }
            refuse(view, wanted, e);
        }
    }

    private void refuse(SqlView view, Inputs wanted, RuntimeException why) {
        boolean exists = transactions.run(
                tx -> StoredDefinitions.find(tx, view.view().name()).isPresent());
        refused.add(view, wanted, exists, why);
    }

    private boolean widens(Tx tx, SqlView view) {
        String name = view.view().name();
        return inputs.of(tx, view.view())
                .filter(known -> known.retypes(StoredInputs.find(tx, name)))
                .isPresent();
    }

    /**
     * The inputs that the view was created for; empty when it exists for them, or mustn't be created now.
     *
     * @param widens whether lanes have to stand still for it
     */
    private Optional<Inputs> ensureInTransaction(Tx tx, SqlView sqlView, boolean widens) {
        if (inputs.of(tx, sqlView.view())
                .filter(i -> !i.equals(made.get(sqlView)))
                .isEmpty()) {
            return Optional.empty();
        }
        if (widens) {
            PgLaneViews.lockLanesInTransaction(tx);
        }
        ColumnDdl.lock(tx);
        // Again: another instance may have widened the view meanwhile.
        Optional<Inputs> known = inputs.of(tx, sqlView.view());
        Optional<StoredDefinitions.Entry> there =
                StoredDefinitions.find(tx, sqlView.view().name());
        if (!isWanted(tx, sqlView, there)) {
            return Optional.empty();
        }
        views.use(sqlView);
        rows.save(tx, sqlView.view(), made(tx, sqlView, known.get()), known.get());
        if (there.flatMap(StoredDefinitions.Entry::view).isEmpty()
                && !sqlView.view().isPlain()) {
            rows.saveDefinition(tx, sqlView.view());
        }
        if (sqlView.view().isPlain() && !sqlView.view().materialized()) {
            states.dropAll(tx, sqlView.view().name());
        }
        return known;
    }

    private boolean isWanted(Tx tx, SqlView sqlView, Optional<StoredDefinitions.Entry> there) {
        View.Sql view = sqlView.view();
        boolean isKept = there.flatMap(StoredDefinitions.Entry::view).isPresent();
        if (view.isPlain()) {
            requireNothingKept(view, there);
            return true;
        }
        if (isKept) {
            return StoredDefinitions.isBy(tx, view);
        }
        if (Generations.isGeneration(view.name()) || StoredDefinitions.isRebuilt(tx, view.name())) {
            return false;
        }
        if (refused.isUncreated(sqlView) && isRead(tx, view) && sqlView.keepsState(tx)) {
            return false;
        }
        // What another view of this name has left. Nothing was ever applied to this one, or its rebuild would have been
        // requested.
        states.drop(tx, view);
        return true;
    }

    private boolean isRead(Tx tx, View.Sql view) {
        return PgLaneViews.areRead(
                tx,
                view.streams().stream()
                        .map(stream -> pipeline.stream(stream).topic())
                        .toList());
    }

    private void requireNothingKept(View.Sql view, Optional<StoredDefinitions.Entry> there) {
        if (there.filter(entry -> entry.view().isPresent() || !entry.kind().equals(view.kind()))
                .isPresent()) {
            throw view.sql()
                    .complaint(
                            "the view exists in Postgres with what it keeps of streams, and a SELECT that reads views"
                                    + " only keeps nothing; give it another name");
        }
    }

    /** Creates the state of a generation. */
    void createInTransaction(Tx tx, View.Sql view, Map<String, Shape> streams) {
        inputs.learn(streams);
        SqlView sqlView = of(view);
        // Lanes tell the times that it needs from now on.
        views.use(sqlView);
        Inputs known = inputs.require(tx, view);
        rows.save(tx, view, made(tx, sqlView, known), known);
        rows.saveDefinition(tx, view);
    }

    /**
     * Shows readers a view whose state has been swapped in.
     *
     * @param built the name of the generation that had the state
     */
    String showInTransaction(Tx tx, View.Sql view, String built) {
        SqlView sqlView = of(view);
        made.remove(sqlView);
        return made(tx, sqlView, inputs.require(tx, view, built)).table();
    }

    /** Those that are kept current by changes of a view follow the table that was swapped in for it. */
    void followInTransaction(Tx tx, String replaced) {
        for (View.Sql view : views.declared()) {
            SqlView following = of(view);
            if (view.views().contains(replaced) && following.followsViews() && made.containsKey(following)) {
                inputs.of(tx, view).ifPresent(known -> made(tx, following, known));
            }
        }
    }

    private SqlView.Layout made(Tx tx, SqlView view, Inputs known) {
        return Generations.isGeneration(view.view().name())
                ? view.ensureHiddenInTransaction(tx, known.streams(), known.views())
                : view.ensureInTransaction(tx, known.streams(), known.views());
    }
}
