package dev.leat.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.failure.Failure;
import dev.leat.failure.Failures;
import dev.leat.failure.Scope;
import dev.leat.pipeline.PipelineException;
import dev.leat.retry.QuickRetry;
import dev.leat.retry.RetryClosedException;
import dev.leat.schema.contract.ContractException;
import io.vertx.pgclient.PgException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartStepTest {

    private static final Scope SCOPE = Scope.process("start-up");
    private static final RuntimeException AWAY = new UncheckedIOException(new ConnectException("refused"));

    private final Failures failures = new Failures(InstantSource.system());
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final StartStep step = new StartStep(SCOPE, new QuickRetry(), failures, closed);
    // What is shown while each try runs.
    private final List<List<String>> shown = new ArrayList<>();

    /** Fails by turns, and is done after the last. */
    private void run(RuntimeException... each) throws InterruptedException {
        Iterator<RuntimeException> next = Arrays.asList(each).iterator();
        step.run("Postgres", () -> {
            shown.add(failures.of(SCOPE).stream()
                    .map(failure -> failure.cause() + " " + failure.message())
                    .toList());
            if (next.hasNext()) {
                throw next.next();
            }
        });
    }

    private static RuntimeException refused(String sqlState) {
        return new PgException("no", "ERROR", sqlState, null);
    }

    @Test
    void a_server_that_is_away_is_waited_for() throws InterruptedException {
        run(AWAY, AWAY);

        List<String> waiting = List.of("OUTAGE waiting for Postgres: ConnectException: refused");
        assertThat(shown).containsExactly(List.of(), waiting, waiting);
        assertThat(failures.current()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"42501", "42P07", "3F000", "28P01", "XX000", "0A000"})
    void one_that_answers_with_an_error_is_not(String sqlState) throws InterruptedException {
        run(refused(sqlState));

        assertThat(shown.getLast())
                .singleElement()
                .asString()
                .startsWith("DEFECT Postgres refuses what start-up does: ");
        assertThat(failures.current()).isEmpty();
    }

    @Test
    void what_began_as_an_outage_and_goes_on_as_an_error_is_shown_as_that_and_the_other_way_round()
            throws InterruptedException {
        run(AWAY, refused("42501"), AWAY, new NullPointerException("x"));

        assertThat(shown)
                .extracting(
                        each -> each.stream().map(line -> line.substring(0, 6)).toList())
                .containsExactly(List.of(), List.of("OUTAGE"), List.of("DEFECT"), List.of("OUTAGE"), List.of("DEFECT"));
        assertThat(failures.current()).isEmpty();
    }

    @Test
    void a_pipeline_that_cannot_run_passes_through() {
        RuntimeException unfit = new ContractException("unfit");
        RuntimeException refused = new PipelineException("pipeline.yaml", 1, "views.v", "refused");

        assertThatThrownBy(() -> run(unfit)).isSameAs(unfit);
        assertThatThrownBy(() -> run(refused)).isSameAs(refused);
        assertThat(failures.current()).isEmpty();
    }

    @Test
    void closing_ends_it() {
        closed.complete(null);

        assertThatThrownBy(() -> run(AWAY)).isInstanceOf(RetryClosedException.class);
        assertThat(failures.current()).extracting(Failure::cause).isEmpty();
    }
}
