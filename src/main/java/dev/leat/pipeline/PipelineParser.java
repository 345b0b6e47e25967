package dev.leat.pipeline;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
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
    private static final Set<String> KINDS = new TreeSet<>(Set.of("latest", "log"));
    private static final Set<String> LATEST_OPTIONS = new TreeSet<>(Set.of("soft-delete", "remember-deletes"));
    private static final Set<String> VIEW = union(KINDS, LATEST_OPTIONS);

    private static final Duration DEFAULT_MEMORY_OF_DELETES = Duration.ofDays(30);
    private static final Duration LONGEST_MEMORY = Duration.ofDays(365);

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,47}");
    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,15})(|kB|MB|GB)");

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
        declaredViews.forEach((name, element) -> views.put(name, view(name, element)));
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
                topic(entries.get("topic")),
                optionalText(entries.get("type"), "the full name of an Avro record type, as dev.leat.taxi.TaxiRide"),
                optionalText(entries.get("contract"), "the path of an .avsc file"),
                optionalText(entries.get("key-contract"), "the path of an .avsc file"),
                entries.containsKey("key") ? entries.get("key").texts("a field name, or a list of them") : List.of(),
                optionalText(entries.get("event-time"), "the name of a timestamp field"),
                entries.containsKey("lateness") ? duration(entries.get("lateness")) : Duration.ZERO,
                entries.containsKey("compatibility")
                        ? oneOf(entries.get("compatibility"), Stream.Compatibility.class)
                        : Stream.Compatibility.BACKWARD,
                Optional.ofNullable(entries.get("lake")).map(this::lake),
                entries.containsKey("from") ? from(entries.get("from")) : new Stream.From.Earliest(),
                entries.containsKey("on-poison")
                        ? oneOf(entries.get("on-poison"), Stream.OnPoison.class)
                        : Stream.OnPoison.SKIP,
                Optional.ofNullable(entries.get("dead-letter-topic")).map(PipelineParser::topic),
                Optional.ofNullable(entries.get("deduplicate")).map(PipelineParser::deduplicate),
                entries.containsKey("nested") ? oneOf(entries.get("nested"), Stream.Nested.class) : Stream.Nested.FLAT,
                entries.containsKey("ids") ? ids(entries.get("ids")) : Stream.Ids.DEFAULT,
                Optional.ofNullable(entries.get("key-format")).map(format -> keyFormat(format, entries.get("key"))),
                entries.containsKey("subject") ? subject(entries) : Stream.Subject.TOPIC,
                entries.containsKey("undeclared")
                        ? oneOfHyphened(entries.get("undeclared"), Stream.Undeclared.class)
                        : Stream.Undeclared.DEAD_LETTER,
                Optional.ofNullable(entries.get("unwrap")).map(unwrap -> oneOf(unwrap, Stream.Unwrap.class)));
    }

    private static Stream.Subject subject(Map<String, YamlElement> entries) {
        Stream.Subject subject = oneOfHyphened(entries.get("subject"), Stream.Subject.class);
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
                        ? oneOf(entries.get("kind"), Stream.Ids.Kind.class)
                        : Stream.Ids.DEFAULT.kind(),
                bytes);
    }

    /** @param key the stream's {@code key:}; null when it has none */
    private static Stream.KeyFormat keyFormat(YamlElement element, YamlElement key) {
        Stream.KeyFormat format = oneOf(element, Stream.KeyFormat.class);
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
        Duration within = duration(entries.get("within"));
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
                        ? oneOf(entries.get("partition-by"), Stream.PartitionBy.class)
                        : Stream.PartitionBy.DAY,
                roll.containsKey("rows") ? positive(roll.get("rows")) : 1_000_000,
                roll.containsKey("bytes") ? size(roll.get("bytes")) : 256L << 20,
                roll.containsKey("every") ? duration(roll.get("every")) : Duration.ofMinutes(5));
    }

    private View view(String name, YamlElement element) {
        Map<String, YamlElement> entries = element.entries("how the view is derived", VIEW);
        List<String> kinds = KINDS.stream().filter(entries::containsKey).toList();
        if (kinds.size() != 1) {
            throw element.complaint("expected exactly one of " + String.join(", ", KINDS));
        }
        YamlElement source = entries.get(kinds.getFirst());
        Stream stream = streams.get(source.text("the name of a stream"));
        if (stream == null) {
            throw source.complaint("there is no stream `" + source.text("") + "`; declared are "
                    + (streams.isEmpty() ? "none" : String.join(", ", streams.keySet())));
        }
        return switch (source.name()) {
            case "latest" -> {
                if (!stream.isKeyed()) {
                    throw source.complaint("one row a key needs a key: declare `key:` on stream `" + stream.name()
                            + "`, or make this a `log` view");
                }
                yield new View.Latest(
                        name,
                        stream.name(),
                        entries.containsKey("soft-delete") && bool(entries.get("soft-delete")),
                        entries.containsKey("remember-deletes")
                                ? duration(entries.get("remember-deletes"))
                                : DEFAULT_MEMORY_OF_DELETES);
            }
            default -> {
                for (String option : LATEST_OPTIONS) {
                    if (entries.containsKey(option)) {
                        throw entries.get(option).complaint("only a `latest` view has it");
                    }
                }
                yield new View.Log(name, stream.name());
            }
        };
    }

    private static boolean bool(YamlElement element) {
        String text = element.text("true or false");
        if (!text.equals("true") && !text.equals("false")) {
            throw element.complaint("expected true or false, found `" + text + "`");
        }
        return text.equals("true");
    }

    private static Set<String> union(Set<String> some, Set<String> others) {
        Set<String> union = new TreeSet<>(some);
        union.addAll(others);
        return union;
    }

    private static String requireName(String name, YamlElement element) {
        if (!NAME.matcher(name).matches()) {
            throw element.complaint("expected a name of small letters, digits and _, starting with a letter, at most 48"
                    + " long (it names a table and a type)");
        }
        return name;
    }

    private static String topic(YamlElement element) {
        String topic = element.text("the name of a Kafka topic");
        if (!TOPIC.matcher(topic).matches()) {
            throw element.complaint("`" + topic + "` can't name a Kafka topic; expected letters, digits, . _ -");
        }
        return topic;
    }

    private static Optional<String> optionalText(YamlElement element, String expected) {
        return Optional.ofNullable(element).map(e -> e.text(expected));
    }

    private static long positive(YamlElement element) {
        String text = element.text("a whole number above 0").replace("_", "");
        if (!text.matches("[1-9][0-9]{0,17}")) {
            throw element.complaint("expected a whole number above 0, found `" + text + "`");
        }
        return Long.parseLong(text);
    }

    private static Duration duration(YamlElement element) {
        String text = element.text("a duration as 500ms, 30s, 10m, 1h or 7d");
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw element.complaint("expected a duration as 500ms, 30s, 10m, 1h or 7d, found `" + text + "`");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    private static long size(YamlElement element) {
        String text = element.text("a size as 64MB");
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches() || text.matches("0+(|kB|MB|GB)")) {
            throw element.complaint("expected a size in bytes, or as 64MB or 1GB, found `" + text + "`");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "kB" -> amount << 10;
            case "MB" -> amount << 20;
            case "GB" -> amount << 30;
            default -> amount;
        };
    }

    private static <E extends Enum<E>> E oneOf(YamlElement element, Class<E> type) {
        return oneOf(element, type, "_");
    }

    /** Words of ours; the registry's have {@code _}. */
    private static <E extends Enum<E>> E oneOfHyphened(YamlElement element, Class<E> type) {
        return oneOf(element, type, "-");
    }

    private static <E extends Enum<E>> E oneOf(YamlElement element, Class<E> type, String joint) {
        Map<String, E> choices = new LinkedHashMap<>();
        for (E choice : type.getEnumConstants()) {
            choices.put(choice.name().toLowerCase(Locale.ROOT).replace("_", joint), choice);
        }
        String expected = "one of " + String.join(", ", choices.keySet());
        String text = element.text(expected);
        E choice = choices.get(text.toLowerCase(Locale.ROOT));
        if (choice == null) {
            throw element.complaint("expected " + expected + ", found `" + text + "`");
        }
        return choice;
    }
}
