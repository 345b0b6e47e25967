package dev.leat.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.schema.ContractException;
import dev.leat.schema.RegistryOutage;
import dev.leat.view.FencedException;
import java.net.ConnectException;
import org.junit.jupiter.api.Test;

class VerdictTest {

    @Test
    void a_server_that_does_not_answer_is_an_outage() {
        assertThat(Verdict.of(new RegistryOutage("registry is away", null)))
                .isEqualTo(new Verdict.Outage("registry is away"));
        assertThat(Verdict.of(new ConnectException("refused")))
                .isEqualTo(new Verdict.Outage("ConnectException: refused"));
    }

    @Test
    void a_moved_checkpoint_means_that_another_instance_has_the_lane() {
        assertThat(Verdict.of(new FencedException("rides", 2, 40)))
                .isEqualTo(new Verdict.Superseded(
                        "the checkpoint of rides-2 is no longer at 40: another instance has" + " the lane"));
    }

    @Test
    void a_contract_that_does_not_fit_stops_the_lane() {
        assertThat(Verdict.of(new ContractException("no such key"))).isEqualTo(new Verdict.Stop("no such key"));
    }
}
