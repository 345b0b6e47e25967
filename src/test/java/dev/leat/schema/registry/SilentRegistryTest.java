package dev.leat.schema.registry;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SilentRegistryTest {

    private final Vertx vertx = Vertx.vertx();
    private ServerSocket silent;

    @BeforeEach
    void listen() throws IOException {
        silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void end() throws IOException {
        silent.close();
        vertx.close();
    }

    @Test
    void a_registry_that_takes_questions_and_never_answers_is_an_outage() {
        // Given
        String url = "http://127.0.0.1:" + silent.getLocalPort() + "/apis/registry/v3";
        ApicurioSchemaRegistry registry =
                new ApicurioSchemaRegistry(new RegistryAt(url, Duration.ofMillis(200)), vertx);

        // When, then
        assertThatThrownBy(() -> registry.latest("rides-value"))
                .isInstanceOf(RegistryOutage.class)
                .hasMessage("registry " + url + " doesn't answer within PT0.2S");
    }
}
