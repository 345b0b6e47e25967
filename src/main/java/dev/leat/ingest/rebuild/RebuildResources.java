package dev.leat.ingest.rebuild;

import dev.leat.lake.Lake;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.schema.Contracts;
import dev.leat.view.lane.BatchApplier;
import dev.leat.view.rebuild.Rebuilds;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/** What every rebuild needs of others. A singleton, not a proxied bean, because its fields are read. */
@Singleton
class RebuildResources {

    final Pipeline pipeline;
    final Contracts contracts;
    final BatchApplier views;
    final Rebuilds rebuilds;
    final Lake lake;
    final RebuildConfig config;
    private final Map<String, Object> kafka;

    RebuildResources(
            Pipeline pipeline,
            Contracts contracts,
            BatchApplier views,
            Rebuilds rebuilds,
            Lake lake,
            RebuildConfig config,
            @Identifier("default-kafka-broker") Map<String, Object> kafka) {
        this.pipeline = pipeline;
        this.contracts = contracts;
        this.views = views;
        this.rebuilds = rebuilds;
        this.lake = lake;
        this.config = config;
        this.kafka = kafka;
    }

    /** The streams that a view follows, by topic. */
    Map<String, List<Stream>> streams(View view) {
        return view.streams().stream()
                .map(pipeline::stream)
                .collect(Collectors.groupingBy(Stream::topic, TreeMap::new, Collectors.toList()));
    }

    /** The columns that the views of a stream have come to, whoever brought them. */
    void learnColumns(Stream stream) {
        contracts.widen(stream, views.columns(stream));
    }

    TopicLog log(String topic, int partition) {
        return new TopicLog(kafka, new TopicPartition(topic, partition));
    }
}
