package dev.leat.ingest.lane.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.schema.contract.ContractException;
import dev.leat.schema.registry.RegistryOutage;
import dev.leat.view.lane.apply.BatchOutcome;
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
}
