package dev.leat.ops.view;

import dev.leat.view.rebuild.Rebuild;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Map;

/**
 * A rebuild as the API tells of it.
 *
 * @param message why it was refused or failed; else null
 * @param historyBegins offset at which the view's history begins, by topic-partition, where older events are gone
 * @param eventsDone applied so far
 * @param eventsToDo at most these; offsets have gaps
 * @param eventsPerSecond lately
 * @param secondsLeft null when nothing says how long
 */
record RebuildJson(
        String view,
        String state,
        String message,
        boolean replacesTable,
        Map<String, Long> historyBegins,
        long eventsDone,
        long eventsToDo,
        double eventsPerSecond,
        Long secondsLeft,
        OffsetDateTime startedAt,
        OffsetDateTime finishedAt) {

    static RebuildJson of(Rebuild rebuild) {
        Duration left = rebuild.left();
        return new RebuildJson(
                rebuild.view(),
                rebuild.state().name().toLowerCase(Locale.ROOT),
                rebuild.message(),
                !rebuild.isCatchUp(),
                rebuild.begins(),
                rebuild.done(),
                rebuild.todo(),
                rebuild.rate(),
                left == null ? null : left.toSeconds(),
                rebuild.startedAt(),
                rebuild.finishedAt());
    }
}
