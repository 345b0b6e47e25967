package dev.leat.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** What the application is told about a run. */
final class LeatPipeline {

    private LeatPipeline() {}

    /** The stream of the topic, which other entries of it may follow. */
    static String stream(Run run) {
        return """
                streams:
                  rides:
                    topic: %s
                    contract: %s
                    key: ride_id
                    event-time: pickup_at
                    lateness: 10m
                """.formatted(
                        run.topic().name(), write(run, "Ride.avsc", run.topic().contract()));
    }

    static void write(Run run, String text) {
        write(run, "pipeline.yaml", text);
    }

    static Map<String, String> config(Run run) {
        Map<String, String> config = new HashMap<>(run.servers().stack().config(run.database()));
        config.put("leat.pipeline", run.folder().resolve("pipeline.yaml").toString());
        config.put("leat.lake.location", run.lake().toString());
        config.put("mp.messaging.incoming.events.group.id", run.name());
        return config;
    }

    private static Path write(Run run, String file, String text) {
        try {
            return Files.writeString(run.folder().resolve(file), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
