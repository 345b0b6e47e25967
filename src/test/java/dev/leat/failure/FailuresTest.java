package dev.leat.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.LogLines;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class FailuresTest {

    private static final Instant NOON = Instant.parse("2026-12-01T12:00:00Z");
    private static final Scope RIDES = Scope.stream("rides");

    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private final Failures failures = new Failures((InstantSource) now::get);

    @Test
    void a_failure_that_comes_again_is_counted_since_the_first_time() {
        failures.report(RIDES, Failure.Cause.MISSING, "topic taxi.rides doesn't exist");
        now.set(NOON.plusSeconds(5));
        failures.report(RIDES, Failure.Cause.MISSING, "topic taxi.rides still doesn't exist");

        assertThat(failures.current())
                .containsExactly(new Failure(
                        RIDES, Failure.Cause.MISSING, "topic taxi.rides still doesn't exist", NOON, 2, false));
    }

    @Test
    void what_is_over_for_one_scope_or_cause_goes_on_for_the_others() {
        failures.report(RIDES, Failure.Cause.MISSING, "no topic");
        failures.report(RIDES, Failure.Cause.UNFIT, "unfit");
        failures.report(Scope.stream("zones"), Failure.Cause.MISSING, "no topic");

        failures.over(RIDES, Failure.Cause.MISSING);

        assertThat(failures.of(RIDES)).extracting(Failure::cause).containsExactly(Failure.Cause.UNFIT);

        failures.over(RIDES);

        assertThat(failures.current()).extracting(Failure::scope).containsExactly(Scope.stream("zones"));
    }

    @Test
    void what_is_met_after_the_end_is_no_defect() {
        // Given
        List<String> logged = new ArrayList<>();
        Logger log = Logger.getLogger(Failures.class.getName());
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
                    logged.add(entry.getMessage());
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        log.addHandler(handler);
        try {
            failures.defect(RIDES, new IllegalStateException("before"));
            assertThat(logged).hasSize(1);

            // When
            failures.end(null);

            // Then
            assertThat(failures.defect(RIDES, new ArithmeticException("the container is gone")))
                    .isEqualTo("ArithmeticException: the container is gone");
            assertThat(logged).hasSize(1);
        } finally {
            log.removeHandler(handler);
        }
    }

    @Test
    void what_rests_is_resumed_once() {
        AtomicInteger resumed = new AtomicInteger();
        failures.rest(Scope.lane("taxi.rides", 3), Failure.Cause.DEFECT, "a fault", resumed::incrementAndGet);

        assertThat(failures.resume(Scope.lane("taxi.rides", 4))).isFalse();
        assertThat(failures.resume(Scope.lane("taxi.rides", 3))).isTrue();
        assertThat(failures.resume(Scope.lane("taxi.rides", 3))).isFalse();
        assertThat(resumed).hasValue(1);
        assertThat(failures.current()).isEmpty();
    }

    @Test
    void what_is_tried_again_by_itself_cannot_be_resumed() {
        failures.report(RIDES, Failure.Cause.OUTAGE, "the registry is unavailable");

        assertThat(failures.resume(RIDES)).isFalse();
        assertThat(failures.current()).hasSize(1);
    }

    @Test
    void what_is_tried_again_later_can_be_tried_at_once() {
        AtomicInteger tried = new AtomicInteger();
        failures.report(RIDES, Failure.Cause.UNFIT, "it doesn't fit", tried::incrementAndGet);

        assertThat(failures.of(RIDES)).singleElement().satisfies(failure -> assertThat(failure.rests())
                .isFalse());
        assertThat(failures.resume(RIDES)).isTrue();
        assertThat(tried).hasValue(1);
    }

    @Test
    void the_widest_scope_comes_first() {
        failures.report(Scope.view("a"), Failure.Cause.UNFIT, "");
        failures.report(Scope.process("start-up"), Failure.Cause.OUTAGE, "");
        failures.report(RIDES, Failure.Cause.MISSING, "");

        assertThat(failures.current())
                .extracting(failure -> failure.scope().toString())
                .containsExactly("process start-up", "stream rides", "view a");
    }

    @Test
    void a_defect_is_logged_once_with_its_stack_and_counted_each_time() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        Failures counted = new Failures(meters);
        NullPointerException fault = new NullPointerException("x is null");

        try (LogLines log = new LogLines(Failures.class.getName())) {
            assertThat(counted.defect(RIDES, fault)).isEqualTo("NullPointerException: x is null");
            counted.defect(RIDES, fault);

            assertThat(log.records())
                    .filteredOn(line -> line.getLevel().intValue() >= Level.SEVERE.intValue())
                    .singleElement()
                    .satisfies(line -> assertThat(line.getThrown()).isSameAs(fault));
            assertThat(log.lines().getFirst())
                    .isEqualTo("defect scope=stream name=rides error=NullPointerException: x is null");
        }
        assertThat(meters.counter("leat.defects", "scope", "stream").count()).isEqualTo(2);
    }
}
