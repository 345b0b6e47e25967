package dev.leat.pipeline;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads the elements of one or more pipeline files into the model. Refuses what it doesn't know. */
final class PipelineParser {

    private static final Set<String> ROOT = new TreeSet<>(Set.of("streams", "views"));
    private static final Set<String> STREAM = new TreeSet<>(Set.of(
            "topic",
            "type",
            "contract",
            "key-contract",
            "key",
            "event-time",
            "lateness",
            "compatibility",
            "lake",
            "from",
            "on-poison",
            "dead-letter-topic",
            "deduplicate",
            "nested",
            "ids",
            "key-format",
            "subject",
            "undeclared",
            "unwrap"));
    private static final Set<String> LAKE = new TreeSet<>(Set.of("partition-by", "roll"));
    private static final Set<String> IDS = new TreeSet<>(Set.of("kind", "bytes"));
    private static final Set<String> ROLL = new TreeSet<>(Set.of("rows", "bytes", "every"));
    private static final Set<String> DEDUPLICATE = new TreeSet<>(Set.of("by", "within"));

    private static final Duration LONGEST_MEMORY = Duration.ofDays(365);

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,47}");

    private final Map<String, Stream> streams = new LinkedHashMap<>();
    private final Map<String, YamlElement> declaredViews = new LinkedHashMap<>();

    void add(YamlElement file) {
        Map<String, YamlElement> root = file.entries("`streams:` and `views:`", ROOT);
        if (root.containsKey("streams")) {
            root.get("streams").entries("a mapping of stream names").forEach((name, element) -> {
                Stream stream = stream(requireName(name, element), element);
                requireSameTopic(stream, element);
                if (streams.put(name, stream) != null) {
                    throw element.complaint("a stream of this name is declared already, in another file");
                }
            });
        }
        if (root.containsKey("views")) {
            root.get("views").entries("a mapping of view names").forEach((name, element) -> {
                if (declaredViews.put(requireName(name, element), element) != null) {
                    throw element.complaint("a view of this name is declared already, in another file");
                }
            });
        }
        if (root.isEmpty()) {
            throw file.complaint("nothing is declared; expected `streams:` and `views:`");
        }
    }

    /** Views are resolved last, so that they may stand in another file, or above the stream that they follow. */
    Pipeline build() {
        Map<String, View> views = new LinkedHashMap<>();
        ViewParser parser = new ViewParser(streams, declaredViews.keySet());
        declaredViews.forEach((name, element) -> views.put(name, parser.view(name, element)));
        return new Pipeline(
                java.util.Collections.unmodifiableMap(streams), java.util.Collections.unmodifiableMap(views));
    }

    private Stream stream(String name, YamlElement element) {
        Map<String, YamlElement> entries = element.entries("the stream's `topic:` and how it is read", STREAM);
        if (!entries.containsKey("topic")) {
            throw element.complaint("`topic:` is missing; expected the name of a Kafka topic");
        }
        return new Stream(
                name,
                YamlValues.topic(entries.get("topic")),
                YamlValues.optionalText(
                        entries.get("type"), "the full name of an Avro record type, as dev.leat.taxi.TaxiRide"),
                YamlValues.optionalText(entries.get("contract"), "the path of an .avsc file"),
                YamlValues.optionalText(entries.get("key-contract"), "the path of an .avsc file"),
                entries.containsKey("key") ? entries.get("key").texts("a field name, or a list of them") : List.of(),
                YamlValues.optionalText(entries.get("event-time"), "the name of a timestamp field"),
                entries.containsKey("lateness") ? YamlValues.duration(entries.get("lateness")) : Duration.ZERO,
                entries.containsKey("compatibility")
                        ? YamlValues.oneOf(entries.get("compatibility"), Stream.Compatibility.class)
                        : Stream.Compatibility.BACKWARD,
                Optional.ofNullable(entries.get("lake")).map(this::lake),
                entries.containsKey("from") ? from(entries.get("from")) : new Stream.From.Earliest(),
                entries.containsKey("on-poison")
                        ? YamlValues.oneOf(entries.get("on-poison"), Stream.OnPoison.class)
                        : Stream.OnPoison.SKIP,
                Optional.ofNullable(entries.get("dead-letter-topic")).map(YamlValues::topic),
                Optional.ofNullable(entries.get("deduplicate")).map(PipelineParser::deduplicate),
                entries.containsKey("nested")
                        ? YamlValues.oneOf(entries.get("nested"), Stream.Nested.class)
                        : Stream.Nested.FLAT,
                entries.containsKey("ids") ? ids(entries.get("ids")) : Stream.Ids.DEFAULT,
                Optional.ofNullable(entries.get("key-format")).map(format -> keyFormat(format, entries.get("key"))),
                entries.containsKey("subject") ? subject(entries) : Stream.Subject.TOPIC,
                entries.containsKey("undeclared")
                        ? YamlValues.oneOfHyphened(entries.get("undeclared"), Stream.Undeclared.class)
                        : Stream.Undeclared.DEAD_LETTER,
                Optional.ofNullable(entries.get("unwrap"))
                        .map(unwrap -> YamlValues.oneOf(unwrap, Stream.Unwrap.class)));
    }

    private static Stream.Subject subject(Map<String, YamlElement> entries) {
        Stream.Subject subject = YamlValues.oneOfHyphened(entries.get("subject"), Stream.Subject.class);
        if (subject != Stream.Subject.TOPIC && !entries.containsKey("type") && !entries.containsKey("contract")) {
            throw entries.get("subject")
                    .complaint("a subject that is named for a record type needs `type:` or `contract:`");
        }
        return subject;
    }

    private static Stream.Ids ids(YamlElement element) {
        Map<String, YamlElement> entries = element.entries("`kind:` and `bytes:` of the ids", IDS);
        int bytes = Stream.Ids.DEFAULT.bytes();
        if (entries.containsKey("bytes")) {
            String text = entries.get("bytes").text("4 or 8");
            if (!text.equals("4") && !text.equals("8")) {
                throw entries.get("bytes").complaint("expected 4 or 8, found `" + text + "`");
            }
            bytes = Integer.parseInt(text);
        }
        return new Stream.Ids(
                entries.containsKey("kind")
                        ? YamlValues.oneOf(entries.get("kind"), Stream.Ids.Kind.class)
                        : Stream.Ids.DEFAULT.kind(),
                bytes);
    }

    /** @param key the stream's {@code key:}; null when it has none */
    private static Stream.KeyFormat keyFormat(YamlElement element, YamlElement key) {
        Stream.KeyFormat format = YamlValues.oneOf(element, Stream.KeyFormat.class);
        if (key == null) {
            throw element.complaint("a stream without `key:` has no deletes whose key could be read");
        }
        if (format != Stream.KeyFormat.AVRO && key.texts("").size() > 1) {
            throw element.complaint("only `avro` has room for a key of several fields");
        }
        return format;
    }

    /** What is decided for a topic before anybody knows which of its streams a record is for. */
    private void requireSameTopic(Stream stream, YamlElement element) {
        for (Stream other : streams.values()) {
            if (other.topic().equals(stream.topic())) {
                requireSame("from", other.from(), stream.from(), other, element, "begin at the same place");
                requireSame("ids", other.ids(), stream.ids(), other, element, "have the same kind of ids");
                requireSame(
                        "undeclared",
                        other.undeclared(),
                        stream.undeclared(),
                        other,
                        element,
                        "do the same with what none of them declares");
                requireSame(
                        "unwrap",
                        isYelps(other),
                        isYelps(stream),
                        other,
                        element,
                        "are all in Yelp's envelope, or none of them");
            }
        }
    }

    private static boolean isYelps(Stream stream) {
        return stream.unwrap().equals(Optional.of(Stream.Unwrap.YELP));
    }

    private static void requireSame(
            String setting, Object one, Object another, Stream other, YamlElement element, String reason) {
        if (!one.equals(another)) {
            throw element.complaint("`" + setting + ":` differs from that of stream `" + other.name()
                    + "`; streams of one topic " + reason);
        }
    }

    private static Stream.From from(YamlElement element) {
        String expected = "earliest, latest or a timestamp as 2026-01-31T08:00:00Z";
        String text = element.text(expected);
        try {
            return switch (text) {
                case "earliest" -> new Stream.From.Earliest();
                case "latest" -> new Stream.From.Latest();
                default -> new Stream.From.At(OffsetDateTime.parse(text).toInstant());
            };
        } catch (DateTimeParseException e) {
            throw element.complaint("expected " + expected + ", found `" + text + "`");
        }
    }

    private static Stream.Deduplicate deduplicate(YamlElement element) {
        Map<String, YamlElement> entries = element.entries("`by:` and `within:`", DEDUPLICATE);
        for (String name : DEDUPLICATE) {
            if (!entries.containsKey(name)) {
                throw element.complaint("`" + name + ":` is missing; expected as {by: event_id, within: 7d}");
            }
        }
        Duration within = YamlValues.duration(entries.get("within"));
        if (!within.isPositive() || within.compareTo(LONGEST_MEMORY) > 0) {
            throw entries.get("within").complaint("expected more than 0s and at most 365d");
        }
        return new Stream.Deduplicate(entries.get("by").texts("a field name, or a list of them"), within);
    }

    private Stream.Lake lake(YamlElement element) {
        Map<String, YamlElement> entries = element.entries("`{}` or how files are cut", LAKE);
        Map<String, YamlElement> roll =
                entries.containsKey("roll") ? entries.get("roll").entries("when a file is closed", ROLL) : Map.of();
        return new Stream.Lake(
                entries.containsKey("partition-by")
                        ? YamlValues.oneOf(entries.get("partition-by"), Stream.PartitionBy.class)
                        : Stream.PartitionBy.DAY,
                roll.containsKey("rows") ? YamlValues.positive(roll.get("rows")) : 1_000_000,
                roll.containsKey("bytes") ? YamlValues.size(roll.get("bytes")) : 256L << 20,
                roll.containsKey("every") ? YamlValues.duration(roll.get("every")) : Duration.ofMinutes(5));
    }

    private static String requireName(String name, YamlElement element) {
        if (!NAME.matcher(name).matches()) {
            throw element.complaint("expected a name of small letters, digits and _, starting with a letter, at most 48"
                    + " long (it names a table and a type)");
        }
        return name;
    }
}
