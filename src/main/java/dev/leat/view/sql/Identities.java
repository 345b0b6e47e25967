package dev.leat.view.sql;

import dev.leat.view.sql.resolve.ResolvedColumn;
import dev.leat.view.sql.resolve.tree.PgNode;
import io.vertx.pgclient.PgException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tells which expressions of a SELECT are the same, as Postgres has resolved them: {@code rides.vendor} and {@code vendor} are,
 * {@code E'A'} and {@code E'a'} aren't.
 */
final class Identities {

    private final ValidatedSelect validated;
    private final Map<TextSpan, PgNode> known = new HashMap<>();

    /**
     * @param aggregates calls of aggregates
     * @param others expressions without aggregates
     */
    Identities(ValidatedSelect validated, Set<TextSpan> aggregates, Set<TextSpan> others) {
        this.validated = validated;
        resolve(List.copyOf(aggregates));
        resolve(List.copyOf(others));
    }

    /** Aggregates and what is none can't be in one SELECT without groups. */
    private void resolve(List<TextSpan> places) {
        if (places.isEmpty()) {
            return;
        }
        SelectText text = validated.text();
        List<String> selected = new ArrayList<>();
        places.forEach(place -> selected.add("(" + text.text(place) + ") AS _" + selected.size()));
        String select = "SELECT " + String.join(", ", selected) + "\n" + text.text(text.from())
                + text.where().map(where -> "\n" + text.text(where)).orElse("");
        try {
            List<ResolvedColumn> columns = validated.dryRun().resolve(select).columns();
            for (int i = 0; i < places.size(); i++) {
                known.put(places.get(i), columns.get(i).expression());
            }
        } catch (PgException notTogether) {
            // Then only what is written in the same way counts as the same.
            return;
        }
    }

    /** Equal for the same expression. */
    Object of(TextSpan place) {
        return Optional.<Object>ofNullable(known.get(place))
                .orElseGet(() -> validated.text().normal(place));
    }
}
