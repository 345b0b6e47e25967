package dev.leat.stack;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(StackTestResource.class)
class StackTestResourceTest {
    @Inject
    Pool pool;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String kafka;

    @Test
    void the_application_under_test_uses_the_local_stack() {
        var database = pool.query("SELECT current_database()").execute().await().atMost(Deadline.GENEROUS);

        assertThat(database.iterator().next().getString(0)).startsWith("app_");
        assertThat(kafka).isEqualTo(LocalStack.shared().kafka());
    }
}
