package dev.leat.view.lane;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.postgres.Tx;
import dev.leat.schema.topic.Rejected;
import dev.leat.schema.types.Rows;
import dev.leat.view.deadletter.DeadLetters;
import dev.leat.view.deadletter.KeyGate;
import dev.leat.view.deadletter.NewDeadLetter;
import dev.leat.view.deadletter.NewParkedEvent;
import dev.leat.view.deadletter.ParkedEvents;
import dev.leat.view.deadletter.ParkedKeys.Scope;
import dev.leat.view.deduplication.SeenEvents;
import dev.leat.view.time.LateEvents;
import dev.leat.view.time.StreamTimes;
import dev.leat.view.writer.OrderedEvents;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** One batch within one transaction: checkpoint, repeats, views, and what becomes of the rest. */
final class BatchTransaction {

    private final Tx tx;
    private final LaneBatch batch;
    private final Pipeline pipeline;
    private final LiveViews views;
    private final SeenEvents seen;
    private final StreamTimes times;
    private final LocalDate today;
    private final boolean trusts;

    private final KeyGate gate;
    private final List<NewDeadLetter> letters = new ArrayList<>();
    private final List<NewParkedEvent> held = new ArrayList<>();
    private final Map<String, Integer> repeats = new HashMap<>();

    /** @param trusts that the views can hold all events: if not, the transaction fails */
    BatchTransaction(
            Tx tx,
            LaneBatch batch,
            Pipeline pipeline,
            LiveViews views,
            SeenEvents seen,
            StreamTimes times,
            LocalDate today,
            boolean trusts) {
        this.trusts = trusts;
        this.tx = tx;
        this.batch = batch;
        this.pipeline = pipeline;
        this.views = views;
        this.seen = seen;
        this.times = times;
        this.today = today;
        this.gate = new KeyGate(batch.parked());
    }

    /** All of it but the commit; the answer is there behind that. */
    Supplier<Applied> run() {
        Checkpoints.advanceInTransaction(tx, batch);
        views.serve();
        Set<String> streams = streams();
        times.shareViewsInTransaction(tx, streams);
        batch.decoded().rejected().forEach(this::bury);
        List<Rows> fresh = new ArrayList<>();
        batch.decoded().rows().forEach(rows -> fresh.add(withoutRepeats(rows)));
        // Before the views, the last of which may have rows that other lanes wait for.
        times.saveInTransaction(tx, batch.topic(), batch.partition(), fresh);
        fresh.stream().filter(rows -> !rows.isEmpty()).forEach(this::applyToViews);
        views.merged().forEach(view -> applyMerged(view, fresh));
        DeadLetters.saveInTransaction(tx, letters);
        ParkedEvents.saveInTransaction(tx, held);
        Supplier<Map<String, Long>> late = times.needs(streams)
                ? LateEvents.countInTransaction(tx, batch.topic(), batch.partition(), batch.expected(), batch.next())
                : Map::of;
        return () -> new Applied(fresh, letters, repeats, late.get(), held.size(), gate.parkedKeys());
    }

    private Set<String> streams() {
        return batch.decoded().rows().stream()
                .filter(rows -> !rows.isEmpty())
                .map(rows -> rows.stream().name())
                .collect(Collectors.toSet());
    }

    private Rows withoutRepeats(Rows rows) {
        Rows counted = seen.withoutRepeatsInTransaction(tx, rows, today);
        if (counted.size() < rows.size()) {
            repeats.merge(rows.stream().name(), rows.size() - counted.size(), Integer::sum);
        }
        return counted;
    }

    private void applyToViews(Rows rows) {
        ViewApplication application = application(OrderedEvents.of(rows));
        application.applyToAll(views.ofStream(rows.stream()));
        letters.addAll(application.letters());
        held.addAll(application.held());
    }

    private void applyMerged(NamedWriter view, List<Rows> fresh) {
        OrderedEvents events = LaneWriters.events(view, fresh);
        if (!events.isEmpty()) {
            ViewApplication application = application(events);
            application.applyMerged(view);
            letters.addAll(application.letters());
            held.addAll(application.held());
        }
    }

    private ViewApplication application(OrderedEvents events) {
        return new ViewApplication(
                tx, events, gate, batch, stream -> stream.deadLetters().onPoison(), trusts);
    }

    private void bury(Rejected rejected) {
        ConsumerRecord<byte[], byte[]> record = batch.record(rejected.offset());
        Stream.OnPoison policy = policy(rejected);
        if (policy == Stream.OnPoison.STOP) {
            throw isUndeclared(rejected) && stopsAtUndeclared()
                    ? PoisonInFront.undeclared(batch.topic(), batch.partition(), record.offset(), rejected.message())
                    : new PoisonInFront(
                            rejected.stream(),
                            batch.topic(),
                            batch.partition(),
                            record.offset(),
                            null,
                            rejected.message());
        }
        boolean parks = policy == Stream.OnPoison.PARK && record.key() != null;
        if (parks) {
            gate.park(record.key(), new Scope(rejected.stream(), null), record.offset());
        }
        letters.add(new NewDeadLetter(
                record,
                rejected.stream(),
                null,
                rejected.schemaId(),
                rejected.reason(),
                rejected.message(),
                parks,
                copyTo(rejected).orElse(null)));
    }

    /** Of a record that could be any stream's, the strictest of the topic's. */
    private Stream.OnPoison policy(Rejected rejected) {
        if (isUndeclared(rejected) && stopsAtUndeclared()) {
            return Stream.OnPoison.STOP;
        }
        return streamsOf(rejected).stream()
                .map(stream -> stream.deadLetters().onPoison())
                .max(Comparator.naturalOrder())
                .orElse(Stream.OnPoison.SKIP);
    }

    private static boolean isUndeclared(Rejected rejected) {
        return rejected.reason() == Rejected.Reason.UNDECLARED_TYPE;
    }

    /** All streams of a topic say the same. */
    private boolean stopsAtUndeclared() {
        return pipeline.streamsOf(batch.topic()).stream()
                .anyMatch(stream -> stream.decoding().undeclared() == Stream.Undeclared.STOP);
    }

    private Optional<String> copyTo(Rejected rejected) {
        return streamsOf(rejected).stream()
                .flatMap(s -> s.deadLetters().topic().stream())
                .findFirst();
    }

    private Collection<Stream> streamsOf(Rejected rejected) {
        return rejected.stream() == null
                ? pipeline.streamsOf(batch.topic())
                : List.of(pipeline.stream(rejected.stream()));
    }
}
