package dev.leat.ingest.lane.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.failure.Failure;
import dev.leat.lake.manifest.LakeInterrupted;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.registry.RegistryOutage;
import dev.leat.view.lane.apply.BatchOutcome;
import dev.leat.view.writer.UnfitView;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.net.ConnectException;
import org.junit.jupiter.api.Test;

class FailureVerdictTest {

    @Test
    void a_server_that_does_not_answer_is_an_outage() {
        assertThat(FailureVerdict.of(new RegistryOutage("registry is away", null)))
                .isEqualTo(new FailureVerdict.Outage("registry is away"));
        assertThat(FailureVerdict.of(new ConnectException("refused")))
                .isEqualTo(new FailureVerdict.Outage("ConnectException: refused"));
    }

    @Test
    void a_moved_checkpoint_means_that_another_instance_has_the_lane() {
        assertThat(FailureVerdict.of(new BatchOutcome.Fenced("rides", 2, 40)))
                .isEqualTo(new FailureVerdict.Superseded(
                        "the checkpoint of rides-2 is no longer at 40: another instance has" + " the lane"));
    }

    @Test
    void a_contract_that_does_not_fit_stops_the_lane() {
        assertThat(FailureVerdict.of(new ContractException("no such key")))
                .isEqualTo(new FailureVerdict.Stop("no such key"));
    }

    @Test
    void a_view_that_cannot_have_its_streams_columns_rests_alone_and_is_no_defect() {
        UnfitView unfit = new UnfitView("rides_log", "view bi depends on column \"v\"");

        assertThat(FailureVerdict.of(unfit))
                .isEqualTo(new FailureVerdict.RestView("rides_log", unfit, Failure.Cause.UNFIT));
    }

    @Test
    void what_is_not_known_is_a_defect() {
        NullPointerException fault = new NullPointerException("x is null");

        assertThat(FailureVerdict.of(fault))
                .isEqualTo(new FailureVerdict.Defect("NullPointerException: x is null", fault));
        PgException refused = new PgException("relation views.x does not exist", "ERROR", "42P01", null);
        assertThat(FailureVerdict.of(refused)).isEqualTo(new FailureVerdict.Defect(refused.getMessage(), refused));
    }

    @Test
    void a_lake_that_is_interrupted_is_superseded_only_when_nothing_failed() {
        assertThat(FailureVerdict.of(new LakeInterrupted("rides", 0, "another instance owns it now", null)))
                .isInstanceOf(FailureVerdict.Superseded.class);
        assertThat(FailureVerdict.of(new LakeInterrupted("rides", 0, "disk", new IOException("No space left"))))
                .isInstanceOf(FailureVerdict.Outage.class);
        assertThat(FailureVerdict.of(new LakeInterrupted("rides", 0, "fault", new NullPointerException())))
                .isInstanceOf(FailureVerdict.Defect.class);
        assertThat(FailureVerdict.of(new LakeInterrupted(
                        "rides", 0, "refused", new PgException("permission denied", "ERROR", "42501", null))))
                .isInstanceOf(FailureVerdict.Defect.class);
    }
}
