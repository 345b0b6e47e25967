package dev.leat.ingest.lane.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.failure.Failure;
import dev.leat.failure.Failures;
import dev.leat.failure.Scope;
import dev.leat.schema.topic.Rejected;
import dev.leat.schema.topic.Rejected.Reason;
import dev.leat.stack.Deadline;
import dev.leat.view.lane.ViewsFixture;
import java.time.InstantSource;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UnfitVersionsTest {

    private static final Scope SEVEN = Scope.version("rides", 7);

    private final ViewsFixture database = new ViewsFixture();
    private final Failures failures = new Failures(InstantSource.system());
    private UnfitVersions versions = versions();

    @AfterEach
    void close() {
        database.close();
    }

    private UnfitVersions versions() {
        return new UnfitVersions(failures, database.pool(), database.config());
    }

    private void deadLetter(long offset, Reason reason) {
        database.run(
                "INSERT INTO leat.dead_letter (stream, topic, partition, \"offset\", event_timestamp, headers, schema_id,"
                        + " reason, message) VALUES ('rides', 't', 0, " + offset + ", now(), '[]', 7, '" + reason
                        + "', 'it is unfit')");
        versions.saw(List.of(new Rejected("rides", 0, offset, 0, 7L, reason, "it is unfit")));
    }

    @Test
    void a_version_is_shown_with_its_first_event() {
        // When
        deadLetter(0, Reason.UNFIT_VERSION);
        deadLetter(1, Reason.UNFIT_VERSION);
        deadLetter(2, Reason.UNDECODABLE);

        // Then
        assertThat(failures.current()).singleElement().satisfies(failure -> {
            assertThat(failure.scope()).isEqualTo(SEVEN);
            assertThat(failure.cause()).isEqualTo(Failure.Cause.UNFIT);
            assertThat(failure.message()).isEqualTo("it is unfit");
        });
    }

    @Test
    void it_is_shown_after_a_restart_until_none_of_its_dead_letters_is_open() {
        // Given
        deadLetter(0, Reason.UNFIT_VERSION);
        failures.over(SEVEN);
        versions = versions();

        // When
        versions.look();

        // Then
        assertThat(failures.of(SEVEN)).hasSize(1);

        // When, then
        database.run("UPDATE leat.dead_letter SET resolution = 'evicted', resolved_at = now()");
        Awaitility.await().atMost(Deadline.GENEROUS).until(() -> {
            versions.look();
            return failures.current().isEmpty();
        });
    }
}
