package dev.leat.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LeatProcessIT {
    private final LocalStack stack = LocalStack.shared();

    @Test
    void the_packaged_application_gets_ready_and_ends_when_asked() {
        Map<String, String> config = stack.config(stack.createDatabase("packaged"));
        try (var leat = LeatProcess.start("packaged", config).awaitReady()) {
            assertThat(leat.get("/q/health/ready").get("status").asText()).isEqualTo("UP");

            LeatProcess.Exit exit = leat.terminate();

            assertThat(exit.status()).isIn(0, 143);
            assertThat(exit.duration()).isLessThan(Duration.ofSeconds(15));
            assertThat(leat.isAlive()).isFalse();
            assertThat(leat.log()).contains("stopped in");
        }
    }

    @Test
    void a_killed_application_is_gone() {
        try (var leat = LeatProcess.start("killed", stack.config(stack.createDatabase("killed")))
                .awaitReady()) {
            leat.kill9();

            assertThat(leat.isAlive()).isFalse();
        }
    }
}
