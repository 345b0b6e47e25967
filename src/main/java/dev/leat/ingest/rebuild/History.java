package dev.leat.ingest.rebuild;

import dev.leat.lake.Lake;
import dev.leat.lake.manifest.LakeReach;
import dev.leat.pipeline.Stream;
import dev.leat.schema.Contracts;
import dev.leat.schema.topic.TopicDecoder;
import dev.leat.view.lane.PgTopics;
import dev.leat.view.rebuild.Rebuild.Source;
import dev.leat.view.rebuild.Rebuilds.Span;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** Where past events are read from: the lake and the topics. Blocks. */
@ApplicationScoped
class History {

    private final Lake lake;
    private final Contracts contracts;
    private final PgTopics topics;
    private final Map<String, Object> kafka;

    History(
            Lake lake,
            Contracts contracts,
            PgTopics topics,
            @Identifier("default-kafka-broker") Map<String, Object> kafka) {
        this.lake = lake;
        this.contracts = contracts;
        this.topics = topics;
        this.kafka = kafka;
    }

    TopicLog topic(String topic, int partition) {
        return new TopicLog(
                kafka, new TopicPartition(topic, partition), topics.find(topic).base());
    }

    TopicDecoder decoder(String topic) {
        return contracts.decoder(topic);
    }

    /** @param end at most that of {@link #reach} */
    LakeLog lake(List<Stream> streams, int partition, long from, long end) {
        return new LakeLog(lake, contracts, streams, partition, from, end);
    }

    /** What the lake has of all these streams. */
    LakeReach reach(List<Stream> streams, int partition) {
        return LakeLog.reach(lake, streams, partition);
    }

    /** @param streams all of one topic that the view follows */
    HistoryStart start(Source source, List<Stream> streams, Span span) {
        String topic = streams.getFirst().topic();
        LakeReach reach = reach(streams, span.partition());
        try (TopicLog log = topic(topic, span.partition())) {
            return HistoryStart.of(topic + "-" + span.partition(), span.first(), reach, log.beginning(), source);
        }
    }
}
