package dev.leat.ops.view;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.leat.view.rebuild.Rebuild;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Map;

/**
 * The JSON form of a rebuild.
 *
 * @param message why it was refused or failed; else null
 * @param historyBegins offset at which the view's history begins, by topic-partition, where older events are gone
 * @param eventsApplied so far
 * @param eventsRemaining an upper bound, for offsets have gaps
 * @param eventsPerSecond the recent rate
 * @param secondsRemaining null while the rate is unknown
 */
record RebuildJson(
        String view,
        String state,
        String message,
        @JsonProperty("replaces_table") boolean replacesTable,
        @JsonProperty("history_begins") Map<String, Long> historyBegins,
        @JsonProperty("events_applied") long eventsApplied,
        @JsonProperty("events_remaining") long eventsRemaining,
        @JsonProperty("events_per_second") double eventsPerSecond,
        @JsonProperty("seconds_remaining") Long secondsRemaining,
        @JsonProperty("started_at") OffsetDateTime startedAt,
        @JsonProperty("finished_at") OffsetDateTime finishedAt) {

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
