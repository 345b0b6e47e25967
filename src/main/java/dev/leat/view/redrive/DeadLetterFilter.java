package dev.leat.view.redrive;

import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/**
 * Selects open dead letters: those that match all of what isn't null.
 *
 * @param reason name of a {@link dev.leat.schema.topic.Rejected.Reason}
 */
public record DeadLetterFilter(Long id, String stream, String view, String reason, String topic, Integer partition) {

    public static DeadLetterFilter one(long id) {
        return new DeadLetterFilter(id, null, null, null, null, null);
    }

    String selectOpen() {
        List<String> conditions = new ArrayList<>(List.of("resolution IS NULL"));
        List<String> columns = List.of("id", "stream", "view", "reason", "topic", "partition");
        List<Object> values = values();
        for (int i = 0, parameter = 1; i < columns.size(); i++) {
            if (values.get(i) != null) {
                conditions.add(columns.get(i) + " = $" + parameter++);
            }
        }
        return "SELECT id, topic, partition FROM leat.dead_letter WHERE " + String.join(" AND ", conditions)
                + " ORDER BY topic, partition, \"offset\"";
    }

    Tuple parameters() {
        Tuple parameters = Tuple.tuple();
        values().stream().filter(value -> value != null).forEach(parameters::addValue);
        return parameters;
    }

    private List<Object> values() {
        List<Object> values = new ArrayList<>();
        values.add(id);
        values.add(stream);
        values.add(view);
        values.add(reason);
        values.add(topic);
        values.add(partition);
        return values;
    }
}
