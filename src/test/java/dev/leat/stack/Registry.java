package dev.leat.stack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Apicurio Registry with its schemas in a file of its own, so that an outage of Postgres is not one of the registry. */
final class Registry extends Server {
    private final Path cache;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    private Path unpacked;

    Registry(Path stackDirectory) {
        super("registry", stackDirectory);
        cache = stackDirectory.getParent();
    }

    @Override
    void prepare() throws IOException {
        unpacked = Archives.tarGz("apicurio-registry-app", cache);
    }

    @Override
    List<String> command() {
        return List.of(
                java(),
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port=" + port,
                // its default is a fixed port, which another stack may hold
                "-Dquarkus.management.host=127.0.0.1",
                "-Dquarkus.management.port=0",
                "-Dquarkus.http.access-log.enabled=false",
                "-Dquarkus.log.level=WARN",
                "-Dapicurio.datasource.url=jdbc:h2:file:" + directory.resolve("h2"),
                "-jar",
                unpacked.resolve("quarkus-run.jar").toString());
    }

    @Override
    boolean answers() throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/apis/registry/v3/system/info"))
                .timeout(Duration.ofSeconds(5))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    }
}
