package dev.leat.view.sql;

import dev.leat.pipeline.View;
import java.util.List;
import java.util.Optional;

/** Refuses what is declared beside a SELECT and has no meaning for it. */
final class OptionsCheck {

    /** As many columns as an index of Postgres has. */
    private static final int MOST_KEY_COLUMNS = 32;

    static final String NO_BOUND =
            "`bound:` says how many elements an array keeps of those that come, and no aggregate of"
                    + " this SELECT needs it; leave it out";

    private OptionsCheck() {}

    /** Rows are found by an index over what tells them apart. */
    static void requireIndexable(View.Sql view, Plan plan) {
        if (plan.state().filter(state -> state.key().size() > MOST_KEY_COLUMNS).isPresent()) {
            throw view.sql()
                    .complaint(
                            "rows are told apart by " + plan.state().get().key().size()
                                    + " columns, and an index of Postgres has at most " + MOST_KEY_COLUMNS
                                    + "; make one of several, as with jsonb_build_array(…)");
        }
    }

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
            requireOneOfAppended(view);
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

    private static void requireOneOfAppended(View.Sql view) {
        if (view.append() && view.toTopic().isPresent()) {
            throw view.sql()
                    .complaint(
                            "`append:` is for a table that keeps the rows of each event, and what is written to a topic"
                                    + " is in no table; leave it out");
        }
        if (view.append() && !view.key().isEmpty()) {
            throw view.sql()
                    .complaint(
                            "`key:` says which rows are replaced by newer ones, and with `append: true` all stay; leave"
                                    + " one of them out");
        }
    }

    /** What is said when a window ends needs one. */
    static void requireWindowForEnds(View.Sql view, Optional<GroupedWindow> window) {
        Optional<View.ToTopic> topic = view.toTopic();
        if (window.isEmpty()) {
            if (topic.filter(t -> t.emit() == View.Emit.FINAL).isPresent()) {
                throw view.sql().complaint("`emit: final` waits for a window to end, and this SELECT has none");
            }
            if (view.retain().isPresent()) {
                throw view.sql()
                        .complaint(
                                "`retain:` says how long rows stay whose window has ended, and this SELECT has none");
            }
        } else if (topic.filter(t -> t.emit() == View.Emit.CHANGES).isPresent()) {
            throw view.sql()
                    .complaint("windows are written to a topic once, when they are final; write `to-topic: {topic: "
                            + topic.get().topic() + ", emit: final}`");
        }
    }
}
