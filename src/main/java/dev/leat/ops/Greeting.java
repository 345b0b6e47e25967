package dev.leat.ops;

import dev.leat.catalog.ViewsReady;
import dev.leat.pipeline.Pipeline;
import io.quarkus.arc.profile.IfBuildProfile;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/** In dev mode, says what runs where and what to look at first. */
@ApplicationScoped
@IfBuildProfile("dev")
class Greeting {

    private static final Logger LOG = Logger.getLogger("leat");

    private final ViewsReady viewsReady;
    private final Pipeline pipeline;
    private final Config config;

    Greeting(ViewsReady viewsReady, Pipeline pipeline, Config config) {
        this.viewsReady = viewsReady;
        this.pipeline = pipeline;
        this.config = config;
    }

    void onStart(@Observes StartupEvent event) {
        viewsReady.whenReady().thenRun(() -> LOG.info(text()));
    }

    private String text() {
        String home = "http://localhost:" + value("quarkus.http.port");
        String streams = pipeline.streams().values().stream()
                .map(s -> s.name() + " from " + s.topic())
                .collect(Collectors.joining(", "));
        String firstView = pipeline.views().keySet().stream().findFirst().orElse("");
        return """
                Leat runs: %s
                    Kafka     %s
                    Registry  %s
                    Postgres  %s (user %s), views %s
                    Lake      %s
                    Try       curl '%s/api/views/%s?limit=5'
                              curl %s/api/streams
                    Open      %s/graphql-ui""".formatted(
                        streams,
                        value("kafka.bootstrap.servers"),
                        value("leat.registry.url"),
                        value("quarkus.datasource.jdbc.url"),
                        value("quarkus.datasource.username"),
                        String.join(", ", pipeline.views().keySet()),
                        value("leat.lake.location"),
                        home,
                        firstView,
                        home,
                        home);
    }

    private String value(String key) {
        return config.getOptionalValue(key, String.class).orElse("?");
    }
}
