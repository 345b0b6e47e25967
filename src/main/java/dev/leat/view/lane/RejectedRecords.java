package dev.leat.view.lane;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.schema.topic.Rejected;
import dev.leat.view.deadletter.DeadLetter;
import dev.leat.view.deadletter.SideOutput;
import dev.leat.view.lane.apply.BatchOutcome.StoppedByPoison;
import dev.leat.view.lane.apply.BatchRolledBack;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** What becomes of a topic's records that became no row: dead letters, or the lane's stop. */
record RejectedRecords(Pipeline pipeline, String topic) {

    /** @throws BatchRolledBack the pipeline says that the lane stops at such a record */
    void deadLetter(Rejected rejected, SideOutput side) {
        Stream.OnPoison policy = policy(rejected);
        if (policy == Stream.OnPoison.STOP) {
            throw new BatchRolledBack(stop(rejected));
        }
        side.add(DeadLetter.rejected(side.records().record(rejected.offset()), rejected, policy, copyTo(rejected)));
    }

    private StoppedByPoison stop(Rejected rejected) {
        return isUndeclared(rejected) && stopsAtUndeclared()
                ? StoppedByPoison.undeclared(topic, rejected.partition(), rejected.offset(), rejected.message())
                : StoppedByPoison.of(
                        rejected.stream(), topic, rejected.partition(), rejected.offset(), null, rejected.message());
    }

    /** For a record that could be any stream's, the strictest of the topic's. */
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
        return pipeline.streamsOf(topic).stream()
                .anyMatch(stream -> stream.decoding().undeclared() == Stream.Undeclared.STOP);
    }

    private String copyTo(Rejected rejected) {
        return streamsOf(rejected).stream()
                .flatMap(stream -> stream.deadLetters().topic().stream())
                .findFirst()
                .orElse(null);
    }

    private Collection<Stream> streamsOf(Rejected rejected) {
        return rejected.stream() == null ? pipeline.streamsOf(topic) : List.of(pipeline.stream(rejected.stream()));
    }
}
