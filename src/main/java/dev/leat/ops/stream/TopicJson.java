package dev.leat.ops.stream;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.leat.ingest.topic.Choice;
import dev.leat.ingest.topic.KafkaTopic;
import dev.leat.ingest.topic.LogRange;
import dev.leat.ingest.topic.TopicChoices;
import dev.leat.view.lane.KnownTopic;
import dev.leat.view.lane.PgTopics;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Which topic a stream's checkpoints are of, and which one Kafka has. Positions are Kafka's offsets plus the base.
 *
 * @param knownId Kafka's id of the topic that the checkpoints are of; null where it isn't known
 * @param topicId the id of the topic that Kafka has now; null where it gives none
 * @param incarnation how many topics of that name were read
 * @param choices what there is to choose by {@code POST …/topic?choose=}; empty while the lanes can go on as they are
 * @param rebuilt views whose rebuild was requested by the choice
 * @param notes what else there is to know of the choice
 */
record TopicJson(
        String topic,
        @JsonProperty("known_id") UUID knownId,
        @JsonProperty("topic_id") UUID topicId,
        int incarnation,
        @JsonProperty("offset_base") long offsetBase,
        List<Partition> partitions,
        List<String> choices,
        List<String> rebuilt,
        List<String> notes) {

    /**
     * @param checkpoint position of the first event that wasn't applied; null before the first lane was opened
     * @param beginning position of the first event that the topic of the checkpoints would have in this log; null where Kafka
     *     has no such partition
     * @param end the same of the next event that will be written
     */
    record Partition(int partition, Long checkpoint, Long beginning, Long end) {}

    static TopicJson of(PgTopics.Positions at, KafkaTopic now, List<String> rebuilt, List<String> notes) {
        KnownTopic known = at.known();
        TreeSet<Integer> numbers = new TreeSet<>(at.lanes().keySet());
        numbers.addAll(now.logs().keySet());
        List<Partition> partitions = numbers.stream()
                .map(number ->
                        partition(number, at.lanes().get(number), now.logs().get(number), known.base()))
                .toList();
        List<String> choices =
                TopicChoices.choices(at, now).stream().map(Choice::label).toList();
        return new TopicJson(
                now.name(),
                known.id(),
                now.id(),
                known.incarnation(),
                known.base(),
                partitions,
                choices,
                rebuilt,
                notes);
    }

    private static Partition partition(int number, Long checkpoint, LogRange log, long base) {
        return new Partition(
                number, checkpoint, log == null ? null : log.beginning() + base, log == null ? null : log.end() + base);
    }
}
