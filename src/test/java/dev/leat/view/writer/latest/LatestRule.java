package dev.leat.view.writer.latest;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a {@code latest} view comes to, one event at a time, in plain Java: what the statements are held against.
 *
 * @param byEventTime whether the stream declares an event time
 */
public record LatestRule(
        boolean soft, boolean byEventTime, Map<String, Row> rows, Map<String, Map<Integer, Tombstone>> tombstones) {

    public LatestRule(boolean soft, boolean byEventTime) {
        this(soft, byEventTime, new TreeMap<>(), new HashMap<>());
    }

    /** @param time null: not known */
    public record Row(String value, Long time, int partition, long offset, boolean deleted) {}

    record Tombstone(Long time, long offset) {}

    public record Event(String key, String value, long time, int partition, long offset, boolean isDelete) {}

    public void apply(Event event) {
        if (event.isDelete()) {
            delete(event);
        } else {
            update(event);
        }
    }

    private void update(Event event) {
        Row row = rows.get(event.key());
        if (isRefused(event) || row != null && !isNewer(event, row)) {
            return;
        }
        rows.put(event.key(), new Row(event.value(), event.time(), event.partition(), event.offset(), false));
    }

    private boolean isNewer(Event event, Row row) {
        boolean behind = event.partition() != row.partition() || event.offset() > row.offset();
        if (!byEventTime) {
            return behind;
        }
        if (row.deleted()) {
            return behind && (row.time() == null || event.time() >= row.time());
        }
        return event.time() > row.time() || event.time() == row.time() && behind;
    }

    private boolean isRefused(Event event) {
        for (var tombstone : tombstones.getOrDefault(event.key(), Map.of()).entrySet()) {
            Long time = tombstone.getValue().time();
            if (tombstone.getKey() == event.partition()
                            && event.offset() < tombstone.getValue().offset()
                    || byEventTime && time != null && event.time() < time) {
                return true;
            }
        }
        return false;
    }

    private void delete(Event event) {
        Row row = rows.get(event.key());
        boolean keeps = row != null && row.partition() == event.partition() && row.offset() > event.offset();
        if (soft) {
            if (!keeps) {
                rows.put(
                        event.key(),
                        new Row(
                                row == null ? null : row.value(),
                                row == null ? null : row.time(),
                                event.partition(),
                                event.offset(),
                                true));
            }
            return;
        }
        Map<Integer, Tombstone> ofKey = tombstones.computeIfAbsent(event.key(), k -> new HashMap<>());
        Long time = keeps || row == null ? null : row.time();
        long offset = event.offset();
        for (Tombstone known : ofKey.values()) {
            time = newest(time, known.time());
        }
        if (ofKey.containsKey(event.partition())) {
            offset = Math.max(offset, ofKey.get(event.partition()).offset());
        }
        ofKey.put(event.partition(), new Tombstone(time, offset));
        if (!keeps) {
            rows.remove(event.key());
        }
    }

    private static Long newest(Long one, Long other) {
        return one == null || other == null ? (one == null ? other : one) : Long.valueOf(Math.max(one, other));
    }
}
