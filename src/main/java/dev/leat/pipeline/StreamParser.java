package dev.leat.pipeline;

import dev.leat.pipeline.time.EventTime;
import dev.leat.pipeline.time.NoTimeExpression;
import dev.leat.pipeline.time.TimeExpression;
import dev.leat.pipeline.time.TimeExpressionParser;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads the element of one stream. Refuses what it doesn't know. */
final class StreamParser {

    /** A history's index has three columns more. */
    private static final int MOST_KEY_FIELDS = 29;

    private static final Set<String> STREAM = new TreeSet<>(Set.of(
            "after",
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
            "unwrap",
            "unavailable-value"));
    private static final Set<String> EVENT_TIME = new TreeSet<>(Set.of("field", "unit", "zone", "sql"));
    private static final String AN_EVENT_TIME =
            "the name of a field, _timestamp, or as {field: at, unit: ms}, {field: at, zone: Europe/Amsterdam} or"
                    + " {sql: \"coalesce(at, created_at)\"}";
    private static final Set<String> LAKE = new TreeSet<>(Set.of("partition-by", "roll"));
    private static final Set<String> IDS = new TreeSet<>(Set.of("kind", "bytes"));
    private static final Set<String> ROLL = new TreeSet<>(Set.of("rows", "bytes", "every"));
    private static final Set<String> DEDUPLICATE = new TreeSet<>(Set.of("by", "within"));

    private static final Pattern HEX = Pattern.compile("hex:((?!00)[0-9a-fA-F]{2})+");
    private static final Duration LONGEST_MEMORY = Duration.ofDays(365);

    private StreamParser() {}

    static Stream stream(String name, YamlElement element) {
        Map<String, YamlElement> entries = element.entries("the stream's `topic:` and how it is read", STREAM);
        if (!entries.containsKey("topic")) {
            throw element.complaint("`topic:` is missing; expected the name of a Kafka topic");
        }
        return new Stream(
                name,
                YamlValues.topic(entries.get("topic")),
                entries.containsKey("from") ? from(entries.get("from")) : new Stream.From.Earliest(),
                contract(entries),
                decoding(entries),
                entries.containsKey("key") ? key(entries.get("key")) : List.of(),
                new EventTime(
                        Optional.ofNullable(entries.get("event-time")).map(StreamParser::eventTime),
                        entries.containsKey("lateness") ? YamlValues.duration(entries.get("lateness")) : Duration.ZERO),
                new Stream.DeadLetters(
                        choice(entries, "on-poison", Stream.OnPoison.SKIP),
                        Optional.ofNullable(entries.get("dead-letter-topic")).map(YamlValues::topic)),
                Optional.ofNullable(entries.get("deduplicate")).map(StreamParser::deduplicate),
                Optional.ofNullable(entries.get("lake")).map(StreamParser::lake),
                entries.containsKey("after")
                        ? YamlValues.distinct(entries.get("after"), "the name of a stream, or a list of them")
                        : List.of(),
                Places.of(element, entries));
    }

    private static List<String> key(YamlElement element) {
        List<String> fields = YamlValues.fields(element, Names::problemOfKey);
        if (fields.size() > MOST_KEY_FIELDS) {
            throw element.complaint("expected at most " + MOST_KEY_FIELDS
                    + " fields, because an index of Postgres has at most" + " 32 columns");
        }
        return fields;
    }

    private static Stream.Contract contract(Map<String, YamlElement> entries) {
        return new Stream.Contract(
                YamlValues.optionalText(
                        entries.get("type"), "the full name of an Avro record type, as dev.leat.taxi.TaxiRide"),
                YamlValues.optionalText(entries.get("contract"), "the path of an .avsc file"),
                YamlValues.optionalText(entries.get("key-contract"), "the path of an .avsc file"),
                entries.containsKey("subject") ? subject(entries) : Stream.Subject.TOPIC,
                choice(entries, "compatibility", Stream.Compatibility.BACKWARD));
    }

    private static Stream.Decoding decoding(Map<String, YamlElement> entries) {
        return new Stream.Decoding(
                entries.containsKey("ids") ? ids(entries.get("ids")) : Stream.Ids.DEFAULT,
                Optional.ofNullable(entries.get("key-format")).map(format -> keyFormat(format, entries.get("key"))),
                choice(entries, "nested", Stream.Nested.FLAT),
                Optional.ofNullable(entries.get("unwrap")).map(unwrap -> YamlValues.oneOf(unwrap, Stream.Unwrap.class)),
                entries.containsKey("unavailable-value")
                        ? unavailableValue(entries.get("unavailable-value"), entries)
                        : Stream.Decoding.UNAVAILABLE_VALUE,
                entries.containsKey("undeclared")
                        ? YamlValues.oneOfHyphened(entries.get("undeclared"), Stream.Undeclared.class)
                        : Stream.Undeclared.DEAD_LETTER);
    }

    private static String unavailableValue(YamlElement element, Map<String, YamlElement> entries) {
        String text = element.text("what `unavailable.value.placeholder` of Debezium's connector is");
        if (!entries.containsKey("unwrap")
                || YamlValues.oneOf(entries.get("unwrap"), Stream.Unwrap.class) != Stream.Unwrap.DEBEZIUM) {
            throw element.complaint("only a stream with `unwrap: debezium` has unavailable values; leave this out");
        }
        if (text.isEmpty() || text.startsWith("hex:") && !HEX.matcher(text).matches()) {
            throw element.complaint("`" + text
                    + "` is no placeholder; expected a text, or `hex:` and the digits of bytes that aren't zero");
        }
        return text;
    }

    private static <E extends Enum<E>> E choice(Map<String, YamlElement> entries, String name, E otherwise) {
        return entries.containsKey(name)
                ? YamlValues.oneOf(entries.get(name), otherwise.getDeclaringClass())
                : otherwise;
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
            throw element.complaint(
                    "a stream without `key:` has no deletes whose key could be read; declare `key:`, or leave this out");
        }
        if (format != Stream.KeyFormat.AVRO && key.texts("").size() > 1) {
            throw element.complaint("only `avro` has room for a key of several fields; write `key-format: avro`");
        }
        return format;
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
        return new Stream.Deduplicate(YamlValues.fields(entries.get("by"), Names::problemOfField), within);
    }

    private static Stream.Lake lake(YamlElement element) {
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

    private static TimeExpression eventTime(YamlElement element) {
        TimeExpression expression = expression(element);
        for (String field : expression.fields()) {
            Names.problemOfField(field).ifPresent(problem -> {
                throw element.complaint("`" + field + "` " + problem + "; no field of a contract is read under it");
            });
        }
        return expression;
    }

    private static TimeExpression expression(YamlElement element) {
        if (!element.isMapping()) {
            return named(element);
        }
        Map<String, YamlElement> entries = element.entries(AN_EVENT_TIME, EVENT_TIME);
        if (entries.containsKey("sql")) {
            if (entries.size() > 1) {
                throw element.complaint("`sql:` says all; leave the others out");
            }
            return sql(entries.get("sql").sql("an expression; " + TimeExpressionParser.POSSIBLE));
        }
        if (!entries.containsKey("field")) {
            throw element.complaint("`field:` is missing; expected " + AN_EVENT_TIME);
        }
        if (entries.containsKey("unit") && entries.containsKey("zone")) {
            throw element.complaint(
                    "`unit:` is for whole numbers, which count from an instant, and `zone:` for dates and"
                            + " times without a zone; leave one out");
        }
        Optional<TimeExpression.Unit> unit =
                Optional.ofNullable(entries.get("unit")).map(e -> YamlValues.oneOf(e, TimeExpression.Unit.class));
        TimeExpression named = named(entries.get("field"));
        if (entries.size() > 1 && named instanceof TimeExpression.KafkaTimestamp) {
            throw element.complaint("_timestamp has neither a unit nor a zone; leave both out");
        }
        return entries.size() == 1
                ? named
                : new TimeExpression.Field(
                        entries.get("field").text(AN_EVENT_TIME),
                        unit,
                        Optional.ofNullable(entries.get("zone")).map(StreamParser::zone));
    }

    private static TimeExpression named(YamlElement element) {
        String name = element.text(AN_EVENT_TIME);
        if (name.equals(TimeExpression.KafkaTimestamp.NAME)) {
            return new TimeExpression.KafkaTimestamp();
        }
        if (name.matches("[\\p{L}_][\\p{L}\\p{N}_]*")) {
            return TimeExpression.field(name);
        }
        if (name.matches("[\\p{L}_][\\p{L}\\p{N}_]*(\\.[\\p{L}_][\\p{L}\\p{N}_]*)+")) {
            throw element.complaint("a field within a record is a column, whose name is joined with _; write `"
                    + name.replace('.', '_') + "`");
        }
        throw element.complaint("`" + name + "` is no name; an expression is written as {sql: \"…\"}");
    }

    private static TimeExpression sql(SqlText text) {
        try {
            return TimeExpressionParser.parse(text.text());
        } catch (NoTimeExpression e) {
            throw text.complaint(e.offset(), e.getMessage());
        }
    }

    private static ZoneId zone(YamlElement element) {
        String name = element.text("the name of a time zone, as Europe/Amsterdam");
        try {
            return TimeExpressionParser.zone(name);
        } catch (DateTimeException e) {
            throw element.complaint("`" + name + "` is no time zone; write its name, as Europe/Amsterdam");
        }
    }
}
