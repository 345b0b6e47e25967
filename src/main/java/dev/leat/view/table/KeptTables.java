package dev.leat.view.table;

import dev.leat.catalog.Definitions;
import dev.leat.catalog.Generations;
import dev.leat.catalog.StoredDefinitions;
import dev.leat.pipeline.View;
import dev.leat.postgres.DependentViews;
import dev.leat.postgres.PostgresConfig;
import dev.leat.postgres.Sql;
import dev.leat.postgres.Tx;
import dev.leat.view.sql.SqlStateTables;
import dev.leat.view.sql.VisibleView;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/**
 * The tables of existing views, whatever their kind: drops them, or swaps those of a generation in for what readers have
 * queried so far. Grants are kept.
 */
@ApplicationScoped
public class KeptTables {

    private final ViewWriters writers;
    private final SqlViews sqlViews;
    private final PostgresConfig config;
    private final SqlStateTables states;

    KeptTables(ViewWriters writers, SqlViews sqlViews, PostgresConfig config) {
        this.writers = writers;
        this.sqlViews = sqlViews;
        this.config = config;
        this.states = new SqlStateTables(config.schema());
    }

    public void drop(Tx tx, View view) {
        switch (view) {
            case View.OfStream ofStream -> {
                tx.execute("DROP TABLE IF EXISTS " + writers.table(view));
                writers.of(ofStream).dropCompanions(tx);
            }
            case View.Sql sql -> {
                visible(sql).drop(tx);
                states.drop(tx, sql);
            }
            case View.Fold fold -> tx.execute("DROP TABLE IF EXISTS " + writers.table(fold));
        }
    }

    /** Drops a view that only reads other views, with its rows where they are kept. */
    public void dropVisible(Tx tx, String view) {
        new VisibleView(config.schema(), view).drop(tx);
        states.dropAll(tx, view);
    }

    /**
     * @param served the active view; empty for a new one
     * @return what readers query from now on, qualified and quoted; empty where they can't
     */
    public String replace(Tx tx, Optional<StoredDefinitions.Entry> served, View built, View view) {
        DependentViews.lock(tx, writers.table(view));
        if (built instanceof View.Sql sql
                && served.filter(s -> s.kind().equals(sql.kind())).isPresent()) {
            String table = replace(tx, served.get(), sql, (View.Sql) view);
            sqlViews.followInTransaction(tx, view.name());
            return table;
        }
        List<String> grants = DependentViews.grants(tx, writers.table(view));
        DependentViews dependents = DependentViews.drop(tx, writers.table(view));
        served.ifPresent(there -> there.view()
                .ifPresentOrElse(kept -> drop(tx, kept), () -> new VisibleView(config.schema(), view.name()).drop(tx)));
        rename(tx, built, view);
        String table = show(tx, built, view);
        grants.forEach(tx::execute);
        dependents.createAgain(tx);
        sqlViews.followInTransaction(tx, view.name());
        return table;
    }

    /** Readers keep the same Postgres view, if its columns allow that. */
    private String replace(Tx tx, StoredDefinitions.Entry served, View.Sql built, View.Sql view) {
        View there = served.view().orElse(view);
        View.Sql away = (View.Sql) Definitions.named(Generations.name(there.name(), 0), there);
        states.rename(tx, (View.Sql) there, away.name());
        states.rename(tx, built, view.name());
        visible(view).forget(tx);
        String table = show(tx, built, view);
        if (table.isEmpty()) {
            visible(view).drop(tx);
        }
        states.drop(tx, away);
        return table;
    }

    /** Shows readers the swapped-in table; returns what they query. */
    private String show(Tx tx, View built, View view) {
        return view instanceof View.Sql sql ? sqlViews.showInTransaction(tx, sql, built.name()) : writers.table(view);
    }

    private void rename(Tx tx, View built, View view) {
        switch (built) {
            case View.OfStream ofStream -> {
                renameTable(tx, built, view);
                writers.of(ofStream).renameCompanions(tx, view.name());
            }
            case View.Sql sql -> states.rename(tx, sql, view.name());
            case View.Fold ignored -> renameTable(tx, built, view);
        }
    }

    private void renameTable(Tx tx, View built, View view) {
        tx.execute("ALTER TABLE " + writers.table(built) + " RENAME TO " + Sql.quote(view.name()));
    }

    private VisibleView visible(View.Sql view) {
        return new VisibleView(config.schema(), view.name());
    }
}
