package dev.leat.failure;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/**
 * What a failure stops, and nothing else.
 *
 * @param kind of what
 * @param name of the one that is stopped: a view, a stream, {@code topic-partition}
 */
public record Scope(Kind kind, String name) {

    /** From the narrowest to the widest. Lower case in JSON, in metrics and in paths. */
    public enum Kind {
        /** A version of a stream's contract; its name is {@code stream/schema id}. */
        @JsonProperty("version")
        VERSION,
        /** The copies and emitted events of one topic on their way to Kafka. */
        @JsonProperty("topic")
        TOPIC,
        /** The lake's files of one partition of a stream; its name is {@code stream-partition}. */
        @JsonProperty("lake")
        LAKE,
        @JsonProperty("view")
        VIEW,
        /** One topic-partition; its name is {@code topic-partition}. */
        @JsonProperty("lane")
        LANE,
        @JsonProperty("stream")
        STREAM,
        @JsonProperty("process")
        PROCESS;

        /** As it is written in JSON, in metrics and in paths. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public static Scope version(String stream, long schemaId) {
        return new Scope(Kind.VERSION, stream + "/" + schemaId);
    }

    /** The newest version that the registry has, whether an event has named it or not. */
    public static Scope newestVersion(String stream) {
        return new Scope(Kind.VERSION, stream + "/newest");
    }

    /** A topic that events are sent to. */
    public static Scope topic(String topic) {
        return new Scope(Kind.TOPIC, topic);
    }

    public static Scope lake(String stream, int partition) {
        return new Scope(Kind.LAKE, stream + "-" + partition);
    }

    public static Scope view(String view) {
        return new Scope(Kind.VIEW, view);
    }

    public static Scope lane(String topic, int partition) {
        return new Scope(Kind.LANE, topic + "-" + partition);
    }

    public static Scope stream(String stream) {
        return new Scope(Kind.STREAM, stream);
    }

    /** @param part of the process that has no narrower scope, for example {@code start-up} */
    public static Scope process(String part) {
        return new Scope(Kind.PROCESS, part);
    }

    @Override
    public String toString() {
        return kind.label() + " " + name;
    }
}
