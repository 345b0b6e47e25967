package dev.leat.view.writer.history;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a {@code history} view comes to, from all of its events at once, in plain Java: what the statements are held against. */
final class HistoryRule {

    private HistoryRule() {}

    /**
     * An event.
     *
     * @param at its event time, in milliseconds; a delete has none
     * @param stamp Kafka's timestamp, in milliseconds
     * @param note what isn't tracked
     */
    record Event(
            String key, String value, String note, long at, long stamp, int partition, long offset, boolean isDelete) {}

    /** @param to null: it goes on */
    record Row(String key, String value, String note, long from, Long to, int partition, long offset) {}

    private record Timed(long time, Event event) {}

    static List<Row> of(Collection<Event> events) {
        Map<String, List<Event>> byKey =
                events.stream().collect(Collectors.groupingBy(Event::key, TreeMap::new, Collectors.toList()));
        List<Row> rows = new ArrayList<>();
        byKey.values().forEach(ofKey -> rows.addAll(ofKey(ofKey)));
        return rows;
    }

    private static List<Row> ofKey(List<Event> events) {
        TreeMap<Long, List<Event>> moments = new TreeMap<>();
        events.stream()
                .map(event -> new Timed(timeOf(event, events), event))
                .sorted(Comparator.comparing((Timed timed) -> timed.event().partition())
                        .thenComparing(timed -> timed.event().offset()))
                .forEach(timed -> moments.computeIfAbsent(timed.time(), time -> new ArrayList<>())
                        .add(timed.event()));
        List<Row> rows = new ArrayList<>();
        Event state = null;
        long since = 0;
        for (Map.Entry<Long, List<Event>> moment : moments.entrySet()) {
            Event last = moment.getValue().getLast();
            boolean deleted = moment.getValue().stream().anyMatch(Event::isDelete);
            if (state != null && (deleted || !Objects.equals(state.value(), last.value()))) {
                rows.add(row(state, since, moment.getKey()));
                state = null;
            }
            if (state == null && !last.isDelete()) {
                state = last;
                since = moment.getKey();
            }
        }
        if (state != null) {
            rows.add(row(state, since, null));
        }
        return rows;
    }

    private static Row row(Event state, long from, Long to) {
        return new Row(state.key(), state.value(), state.note(), from, to, state.partition(), state.offset());
    }

    private static long timeOf(Event event, List<Event> ofKey) {
        if (!event.isDelete()) {
            return event.at();
        }
        OptionalLong before = ofKey.stream()
                .filter(e -> !e.isDelete() && e.partition() == event.partition() && e.offset() < event.offset())
                .mapToLong(Event::at)
                .max();
        OptionalLong back = ofKey.stream()
                .filter(e -> !e.isDelete() && e.partition() == event.partition() && e.offset() > event.offset())
                .mapToLong(Event::at)
                .filter(at -> before.isEmpty() || at >= before.getAsLong())
                .min();
        long time = Math.min(event.stamp(), back.orElse(Long.MAX_VALUE));
        return before.isEmpty() ? time : Math.max(time, before.getAsLong());
    }
}
