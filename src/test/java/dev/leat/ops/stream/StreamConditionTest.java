package dev.leat.ops.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.failure.Failure.Cause;
import dev.leat.failure.Scope;
import dev.leat.ops.failure.Instances;
import dev.leat.ops.failure.SeenFailure;
import dev.leat.ops.stream.StreamState.State;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.view.lane.SqlFixture;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamConditionTest {

    private static SeenFailure failure(Scope scope, Cause cause, boolean rests) {
        return new SeenFailure(scope.kind(), scope.name(), cause, "so it is", Instant.EPOCH, 1, rests, new UUID(0, 0));
    }

    @ParameterizedTest
    @CsvSource({
        "STREAM, MISSING, false, MISSING",
        "STREAM, UNFIT, false, PARKED",
        "VERSION, UNFIT, false, PARKED",
        "LANE, REFUSED, true, STOPPED",
        "LANE, DEFECT, true, RESTING",
        "VIEW, DEFECT, true, RESTING",
        "LAKE, DEFECT, true, RESTING",
        "LANE, DEFECT, false, WAITING",
        "LANE, OUTAGE, false, WAITING",
        "VIEW, UNFIT, false, WAITING",
    })
    void the_state_follows_from_what_fails(Scope.Kind kind, Cause cause, boolean rests, State state) {
        assertThat(StreamCondition.of(List.of(failure(new Scope(kind, "rides"), cause, rests)), false))
                .isEqualTo(state);
    }

    @Test
    void the_worst_decides_and_all_are_named() {
        List<SeenFailure> failures = List.of(
                failure(Scope.lane("taxi.rides", 0), Cause.OUTAGE, false),
                failure(Scope.lane("taxi.rides", 1), Cause.REFUSED, true));

        assertThat(StreamCondition.of(failures, false)).isEqualTo(State.STOPPED);
        assertThat(StreamCondition.of(failures, true)).isEqualTo(State.PARKED);
        assertThat(StreamCondition.problem(failures, "Kafka doesn't answer"))
                .isEqualTo(
                        "lane taxi.rides-0 waits: so it is; lane taxi.rides-1 rests (refused): so it is; Kafka doesn't"
                                + " answer");
        assertThat(StreamCondition.of(List.of(failure(Scope.topic("taxi.big"), Cause.MISSING, false)), false))
                .isEqualTo(State.WAITING);
        assertThat(StreamCondition.of(List.of(), false)).isEqualTo(State.FLOWING);
        assertThat(StreamCondition.problem(List.of(), null)).isNull();
    }

    @Test
    void what_fails_elsewhere_is_not_the_streams() {
        assertThat(isOfRides(Scope.stream("rides"))).isTrue();
        assertThat(isOfRides(Scope.view("rides_log"))).isTrue();
        assertThat(isOfRides(Scope.lane("taxi.rides", 12))).isTrue();
        assertThat(isOfRides(Scope.lake("rides", 0))).isTrue();
        assertThat(isOfRides(Scope.version("rides", 7))).isTrue();
        assertThat(isOfRides(Scope.stream("zones"))).isFalse();
        assertThat(isOfRides(Scope.lane("taxi.rides-old", 1))).isFalse();
        assertThat(isOfRides(Scope.version("rides2", 7))).isFalse();
        assertThat(isOfRides(Scope.topic("taxi.big"))).isTrue();
        assertThat(isOfRides(Scope.topic("taxi.rides"))).isFalse();
        assertThat(isOfRides(Scope.process("start-up"))).isFalse();
    }

    private static boolean isOfRides(Scope scope) {
        Pipeline pipeline = SqlFixture.read("""
                streams: {rides: {topic: taxi.rides, key: id, event-time: at}}
                views:
                  rides_log: {log: rides}
                  big: {to-topic: {topic: taxi.big}, sql: 'SELECT * FROM rides WHERE total > 40'}
                """);
        Stream rides = pipeline.stream("rides");
        return Instances.isOfStream(failure(scope, Cause.DEFECT, false), rides, pipeline.viewsOf(rides));
    }
}
