package dev.leat.ingest.channel;

import dev.leat.pipeline.PipelineException;
import dev.leat.pipeline.PipelineFiles;
import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Tells the channel {@code events} which topics the pipeline declares, and switches it off in a process without the
 * ingest role. A pipeline that can't be read is reported by whoever injects it, with its place, not from here.
 */
public final class ChannelConfig implements ConfigSourceFactory {

    /** The channel's name. */
    static final String NAME = "events";

    private static final String CHANNEL = "mp.messaging.incoming." + NAME + ".";
    private static final String NO_TOPIC = "leat-no-topic";

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        String location = value(context, "leat.pipeline", "classpath:taxi/pipeline.yaml");
        boolean ingests = value(context, "leat.roles", "ingest,query").contains("ingest");
        return List.of(new PropertiesConfigSource(
                Map.of(CHANNEL + "topics", topics(location), CHANNEL + "enabled", Boolean.toString(ingests)),
                "pipeline",
                // above application.properties, below everything that a user sets
                260));
    }

    @Override
    public OptionalInt getPriority() {
        return OptionalInt.of(260);
    }

    private static String topics(String location) {
        try {
            String topics = String.join(",", PipelineFiles.read(location).topics());
            return topics.isEmpty() ? NO_TOPIC : topics;
        } catch (PipelineException e) {
            return NO_TOPIC;
        }
    }

    private static String value(ConfigSourceContext context, String key, String otherwise) {
        ConfigValue value = context.getValue(key);
        return value == null || value.getValue() == null ? otherwise : value.getValue();
    }
}
