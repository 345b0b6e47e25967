package dev.leat.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LeatProcessIT {
    private static final List<String> OPTIONS = QuickStart.jvmOptions();

    private final LocalStack stack = LocalStack.shared();

    @Test
    void the_packaged_application_gets_ready_and_ends_when_asked() {
        Map<String, String> config = stack.config(stack.createDatabase("packaged"));
        try (var leat = LeatProcess.start("packaged", config, Map.of(), OPTIONS).awaitReady()) {
            assertThat(leat.get("/q/health/ready").get("status").asText()).isEqualTo("UP");

            LeatProcess.Exit exit = leat.terminate();

            assertThat(exit.status()).isIn(0, 143);
            assertThat(leat.isAlive()).isFalse();
            assertThat(leat.log()).contains("stopped in");
        }
    }

    @Test
    void a_killed_application_is_gone() {
        try (var leat = LeatProcess.start("killed", stack.config(stack.createDatabase("killed")), Map.of(), OPTIONS)
                .awaitReady()) {
            leat.kill9();

            assertThat(leat.isAlive()).isFalse();
        }
    }
}
