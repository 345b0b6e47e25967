package dev.leat.view.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.StreamFixture;
import dev.leat.pipeline.View;
import dev.leat.schema.topic.RideEvents;
import dev.leat.schema.topic.TopicDecoder;
import dev.leat.schema.wire.Records;
import dev.leat.taxi.RideAccepted;
import dev.leat.taxi.RideFinished;
import dev.leat.taxi.RidePaid;
import dev.leat.taxi.RideRequested;
import dev.leat.view.deadletter.ParkedKeys;
import dev.leat.view.lane.apply.BatchOutcome;
import dev.leat.view.lane.apply.BatchOutcome.Applied;
import dev.leat.view.rebuild.CatchUp;
import dev.leat.view.rebuild.DefinitionChanges;
import dev.leat.view.rebuild.LaneToCatchUp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A lane of a topic that has four types of events, without Kafka. */
public final class RidesLane {

    private final String topic;
    private final int partition;
    private final LaneParts views;
    private final TopicDecoder decoder;
    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    private final List<ConsumerRecord<byte[], byte[]>> history = new ArrayList<>();
    private long next;
    private ParkedKeys parked;

    public RidesLane(ViewsFixture database, Pipeline pipeline, String topic, int partition) {
        this.topic = topic;
        this.partition = partition;
        DefinitionChanges changes = database.changes(pipeline);
        pipeline.streams().values().forEach(changes::settle);
        this.views = database.views(pipeline);
        this.decoder = new RideEvents(List.copyOf(pipeline.streams().values())).decoder(topic);
        this.next = views.open(topic, partition, 0);
    }

    /** Streams {@code ride_requested} and so on of this topic, and these views. */
    public static Pipeline pipeline(String topic, Stream.OnPoison onPoison, View... views) {
        Map<String, Stream> streams = new LinkedHashMap<>();
        Map.of(
                        "ride_requested", RideRequested.getClassSchema(),
                        "ride_accepted", RideAccepted.getClassSchema(),
                        "ride_finished", RideFinished.getClassSchema(),
                        "ride_paid", RidePaid.getClassSchema())
                .forEach((name, type) -> streams.put(name, stream(name, topic, type, onPoison)));
        Map<String, View> byName = new LinkedHashMap<>();
        for (View view : views) {
            byName.put(view.name(), view);
        }
        return new Pipeline(streams, byName);
    }

    private static Stream stream(String name, String topic, Schema type, Stream.OnPoison onPoison) {
        return new StreamFixture(name, topic)
                .type(type.getFullName())
                .key("ride_id")
                .onPoison(onPoison)
                .build();
    }

    public RidesLane events(SpecificRecord... events) {
        for (SpecificRecord event : events) {
            records.add(RideEvents.record(topic, partition, next + records.size(), event));
        }
        return this;
    }

    public RidesLane delete(String ride) {
        records.add(RideEvents.delete(topic, partition, next + records.size(), ride));
        return this;
    }

    public Applied apply() {
        BatchOutcome outcome = outcome();
        assertThat(outcome).isInstanceOf(Applied.class);
        return (Applied) outcome;
    }

    /** The same, where it may end otherwise. Then the batch is still to be applied. */
    public BatchOutcome outcome() {
        if (parked == null) {
            parked = views.parkedKeys(topic, partition);
        }
        Records packed = Records.of(records);
        LaneBatch batch = new LaneBatch(
                topic, partition, next, next + records.size(), packed, decoder.decode(partition, packed), parked);
        BatchOutcome outcome = views.outcome(batch);
        if (outcome instanceof Applied applied) {
            parked = applied.parkedKeys();
            history.addAll(records);
            next = batch.next();
            records.clear();
        }
        return outcome;
    }

    /** What was applied here, from where the view stands. */
    public CatchUp catchUp(View built, LaneToCatchUp lane, long to) {
        Map<Long, ConsumerRecord<byte[], byte[]>> some = new LinkedHashMap<>();
        history.stream()
                .filter(record -> record.offset() >= lane.next() && record.offset() < to)
                .forEach(record -> some.put(record.offset(), record));
        return new CatchUp(
                built,
                topic,
                partition,
                lane.next(),
                lane.version(),
                to,
                decoder.decode(partition, Records.of(List.copyOf(some.values())))
                        .rows(),
                some::get);
    }

    /** What is left of the batch when the process dies. */
    public void forget() {
        records.clear();
        parked = null;
    }

    public TopicDecoder decoder() {
        return decoder;
    }

    public long checkpoint() {
        return views.checkpoint(topic, partition);
    }
}
