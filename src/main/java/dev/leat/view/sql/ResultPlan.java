package dev.leat.view.sql;

import dev.leat.postgres.Sql;
import dev.leat.schema.types.Rows;
import java.util.List;
import java.util.Optional;

/** The rows that the SELECT makes of events, as they are, in a table with where they came from. */
abstract class ResultPlan implements EventPlan {

    final ValidatedSelect validated;
    final RowOrigin origins;
    final SqlStateTable state;
    private final BatchRelation batch;

    ResultPlan(ValidatedSelect validated, RowOrigin origins, SqlStateTable state) {
        this.validated = validated;
        this.origins = origins;
        this.state = state;
        this.batch = BatchRelation.of(validated, origins.streams().getFirst());
    }

    @Override
    public final List<String> key() {
        return state.key();
    }

    @Override
    public final Optional<SqlStateTable> state() {
        return Optional.of(state);
    }

    @Override
    public final Optional<String> visible() {
        return Optional.of("SELECT " + ValidatedSelect.cast(columns()) + " FROM " + state.name());
    }

    @Override
    public final BoundSelect bound(Rows rows, int[] events) {
        return batch.bound(origins.streams().getFirst(), rows, events, validated.fromWhere());
    }

    /**
     * {@code WITH … INSERT INTO …}: what follows reads {@code _result}.
     *
     * @param items selected beside the SELECT's own and the origins, with a comma in front
     */
    final String inserting(BoundSelect bound, String items, String alias) {
        return "WITH " + bound.with() + ",\n_result AS (SELECT " + validated.items() + items + ", " + origins.named()
                + "\n" + bound.fromWhere() + ")\nINSERT INTO " + state.name() + alias + " ("
                + Sql.list(all(), Sql::quote)
                + ")\n";
    }

    /** All columns of the table, in order. */
    final List<String> all() {
        return List.copyOf(state.columns().keySet());
    }
}
