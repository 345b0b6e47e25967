package dev.leat.view.sql;

import dev.leat.pipeline.View;
import java.util.List;

/** Refuses what is declared beside a SELECT and has no meaning for it. */
final class OptionsCheck {

    private OptionsCheck() {}

    /** @param closes whether something of it becomes final: windows, or events that are joined */
    static void require(ValidatedSelect validated, boolean closes) {
        View.Sql view = validated.view();
        if (!view.grace().isZero() && !closes) {
            throw view.sql()
                    .complaint(
                            "`grace:` says how long late events count in a window or a join of streams, and this SELECT has"
                                    + " neither; leave it out");
        }
        if (!validated.resolution().isGrouped()) {
            return;
        }
        if (view.append()) {
            throw view.sql()
                    .complaint(
                            "`append:` is for rows of each event, and this SELECT has a row of each group; leave it out");
        }
        List<String> key = validated.resolution().groups().stream()
                .filter(group -> group.column().isPresent())
                .map(group -> validated.names().get(group.column().getAsInt()))
                .toList();
        if (!view.key().isEmpty() && !view.key().equals(key)) {
            throw view.sql()
                    .complaint("`key:` is "
                            + (key.isEmpty() ? "nothing" : String.join(", ", key))
                            + " where a SELECT has groups: what is grouped by; leave it out");
        }
    }
}
