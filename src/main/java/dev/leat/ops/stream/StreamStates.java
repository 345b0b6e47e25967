package dev.leat.ops.stream;

import dev.leat.ops.failure.Instances;
import dev.leat.ops.failure.SeenFailure;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.view.deadletter.DeadLetter;
import dev.leat.view.lane.Checkpoint;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/** Combines what Postgres and Kafka know of streams. Kafka may be unavailable, Postgres may not. */
@ApplicationScoped
class StreamStates {

    private static final Logger LOG = Logger.getLogger(StreamStates.class);

    private static final String COUNT_REASONS =
            "SELECT d.stream, d.reason, count(*) FROM DeadLetter d WHERE d.resolution IS NULL GROUP BY d.stream, d.reason";

    private static final String COUNT_UNFIT = """
            SELECT d.stream, d.schemaId, d.message, count(*), min(d.firstAttempt) FROM DeadLetter d
            WHERE d.resolution IS NULL AND d.reason = 'UNFIT_VERSION'
            GROUP BY d.stream, d.schemaId, d.message ORDER BY min(d.firstAttempt), d.message""";

    private static final String COUNT_PARKED =
            "SELECT p.stream, 'PARKED', count(*) FROM ParkedEvent p GROUP BY p.stream";

    private final TopicOffsets topics;
    private final LakeTotals lake;
    private final Pool pool;
    private final Pipeline pipeline;
    private final Instances instances;

    StreamStates(TopicOffsets topics, LakeTotals lake, Pool pool, Pipeline pipeline, Instances instances) {
        this.topics = topics;
        this.lake = lake;
        this.pool = pool;
        this.pipeline = pipeline;
        this.instances = instances;
    }

    /** What is known of Kafka's offsets. */
    private record Offsets(Map<TopicPartition, TopicOffsets.Range> ranges, String problem) {}

    /** Dead letters of one stream and reason, or its parked events. The stream is null for dead letters of none. */
    @RegisterForReflection
    record ReasonCount(String stream, String reason, long count) {}

    /** What Postgres knows. */
    private record Ours(
            List<Checkpoint> checkpoints,
            List<ReasonCount> reasons,
            List<ReasonCount> parked,
            List<StreamState.UnfitVersion> unfit,
            Map<String, List<ReadingOrder.First>> order) {}

    /** The states of these streams, in their order. Call on an event loop. */
    Uni<List<StreamState>> of(Collection<Stream> streams) {
        return ours().chain(ours -> Uni.combine()
                .all()
                .unis(offsets(streams), lake.byStream())
                .with((offsets, files) -> streams.stream()
                        .map(stream -> state(stream, ours, offsets, files))
                        .toList()));
    }

    private Uni<Ours> ours() {
        return Checkpoint.all(pool)
                .chain(checkpoints -> Panache.withSession(() -> counts(COUNT_REASONS)
                        .chain(reasons -> counts(COUNT_PARKED).chain(waiting -> DeadLetter.find(COUNT_UNFIT)
                                .project(StreamState.UnfitVersion.class)
                                .list()
                                .chain(unfit -> ReadingOrder.waiting(pool)
                                        .map(order -> new Ours(checkpoints, reasons, waiting, unfit, order)))))));
    }

    private static Uni<List<ReasonCount>> counts(String query) {
        return DeadLetter.find(query).project(ReasonCount.class).list();
    }

    private Uni<Offsets> offsets(Collection<Stream> streams) {
        return topics.of(streams.stream().map(Stream::topic).collect(Collectors.toSet()))
                .map(ranges -> new Offsets(ranges, null))
                .onFailure()
                .invoke(failure -> LOG.debugf("Kafka doesn't answer: error=%s", failure))
                .onFailure()
                .recoverWithItem(new Offsets(Map.of(), "Kafka doesn't answer; end offsets and lag are unknown"));
    }

    private StreamState state(Stream stream, Ours ours, Offsets offsets, Map<String, LakeTotals.Totals> files) {
        List<StreamState.Partition> partitions = partitions(stream, ours, offsets.ranges(), instances.lanes());
        Long lag = offsets.problem() != null
                ? null
                : (Long) partitions.stream()
                        .filter(p -> p.lag() != null)
                        .mapToLong(StreamState.Partition::lag)
                        .sum();
        List<StreamState.UnfitVersion> unfit = ours.unfit().stream()
                .filter(version -> stream.name().equals(version.stream()))
                .toList();
        List<SeenFailure> failures = failures(stream);
        return new StreamState(
                stream.name(),
                stream.topic(),
                StreamCondition.of(failures, !unfit.isEmpty()),
                unfit,
                partitions,
                lag,
                deadLetters(stream, ours),
                stream.lake()
                        .map(kept -> files.getOrDefault(stream.name(), LakeTotals.NONE))
                        .orElse(null),
                failures,
                StreamCondition.problem(failures, offsets.problem()));
    }

    private List<SeenFailure> failures(Stream stream) {
        Collection<View> views = pipeline.viewsOf(stream);
        return instances.failures().stream()
                .filter(failure -> Instances.isOfStream(failure, stream, views))
                .toList();
    }

    private static List<StreamState.Partition> partitions(
            Stream stream, Ours ours, Map<TopicPartition, TopicOffsets.Range> ranges, Map<String, String> states) {
        Map<Integer, Checkpoint> lanes = ours.checkpoints().stream()
                .filter(checkpoint -> checkpoint.topic().equals(stream.topic()))
                .collect(Collectors.toMap(Checkpoint::partition, checkpoint -> checkpoint));
        TreeSet<Integer> numbers = new TreeSet<>(lanes.keySet());
        ranges.keySet().stream().filter(p -> p.topic().equals(stream.topic())).forEach(p -> numbers.add(p.partition()));
        long base = lanes.values().stream().mapToLong(Checkpoint::base).max().orElse(0);
        return numbers.stream()
                .map(number -> new TopicPartition(stream.topic(), number))
                .map(lane -> partition(
                        lane.partition(),
                        lanes.get(lane.partition()),
                        ranges.containsKey(lane) ? ranges.get(lane).shifted(base) : null,
                        states.get(lane.toString()),
                        ReadingOrder.sentence(ours.order().get(stream.topic()))))
                .toList();
    }

    static StreamState.Partition partition(
            int number, Checkpoint lane, TopicOffsets.Range range, String state, String waitsFor) {
        return new StreamState.Partition(
                number,
                lane == null ? null : lane.nextOffset(),
                range == null ? null : range.end(),
                range == null ? null : lag(lane, range),
                state,
                "waiting".equals(state) ? waitsFor : null,
                lane == null ? null : lane.updatedAt());
    }

    /** Events that retention has deleted don't count. */
    private static long lag(Checkpoint lane, TopicOffsets.Range range) {
        long next = lane == null ? range.begin() : Math.max(lane.nextOffset(), range.begin());
        return Math.max(0, range.end() - next);
    }

    private static StreamState.DeadLetterCount deadLetters(Stream stream, Ours ours) {
        Map<String, Long> byReason = ours.reasons().stream()
                .filter(reason -> stream.name().equals(reason.stream()))
                .collect(Collectors.toMap(ReasonCount::reason, ReasonCount::count, Long::sum, TreeMap::new));
        long parkedEvents = ours.parked().stream()
                .filter(count -> stream.name().equals(count.stream()))
                .mapToLong(ReasonCount::count)
                .sum();
        return new StreamState.DeadLetterCount(
                byReason.values().stream().mapToLong(Long::longValue).sum(), byReason, parkedEvents);
    }
}
