package dev.leat.pipeline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Reads the elements below {@code views:}. */
final class ViewParser {

    /** What declares a kind of view, and what may be declared with it. */
    private static final Map<String, Set<String>> OPTIONS = Map.of(
            "latest",
            Set.of("soft-delete", "remember-deletes"),
            "log",
            Set.of(),
            "history",
            Set.of("track"),
            "fold",
            Set.of("with"),
            "sql",
            Set.of(
                    "key",
                    "append",
                    "materialized",
                    "grace",
                    "wait",
                    "retain",
                    "remember-deletes",
                    "bound",
                    "to-topic"));

    private static final Set<String> KINDS = new TreeSet<>(OPTIONS.keySet());
    private static final Set<String> KNOWN = new TreeSet<>(KINDS);
    private static final Set<String> TO_TOPIC = new TreeSet<>(Set.of("topic", "contract", "emit"));

    static {
        OPTIONS.values().forEach(KNOWN::addAll);
    }

    private static final Duration DEFAULT_MEMORY_OF_DELETES = Duration.ofDays(30);
    private static final int LARGEST_BOUND = 100_000;

    /** What is between them, and the number of a rebuild behind. */
    private static final int MOST_OF_BOTH_NAMES = Names.MOST_BYTES - "__".length() - "@99999".length();

    private final Map<String, Stream> streams;
    private final Set<String> views;

    /**
     * @param streams all that are declared
     * @param views names of all that are declared
     */
    ViewParser(Map<String, Stream> streams, Set<String> views) {
        this.streams = streams;
        this.views = views;
    }

    View view(String name, YamlElement element) {
        Map<String, YamlElement> entries = element.entries("how the view is derived", KNOWN);
        List<String> kinds = KINDS.stream().filter(entries::containsKey).toList();
        if (kinds.size() != 1) {
            throw element.complaint("expected exactly one of " + String.join(", ", KINDS));
        }
        String kind = kinds.getFirst();
        entries.forEach((option, value) -> {
            if (!option.equals(kind) && !OPTIONS.get(kind).contains(option)) {
                throw value.complaint("only " + kindsWith(option) + " view has it; leave it out");
            }
        });
        YamlElement source = entries.get(kind);
        return switch (kind) {
            case "latest" -> latest(name, source, entries);
            case "log" -> new View.Log(name, stream(source).name());
            case "history" -> history(name, source, entries);
            case "fold" -> fold(name, source, entries);
            default -> sql(name, source, entries);
        };
    }

    private static String kindsWith(String option) {
        return KINDS.stream()
                .filter(kind -> OPTIONS.get(kind).contains(option))
                .map(kind -> "a `" + kind + "`")
                .collect(Collectors.joining(" or "));
    }

    private Stream stream(YamlElement source) {
        Stream stream = streams.get(source.text("the name of a stream"));
        if (stream == null) {
            throw source.complaint("there is no stream `" + source.text("") + "`; declared are "
                    + (streams.isEmpty() ? "none" : String.join(", ", streams.keySet())));
        }
        return stream;
    }

    private Stream keyed(YamlElement source, String why) {
        Stream stream = stream(source);
        if (!stream.isKeyed()) {
            throw source.complaint(
                    why + ": declare `key:` on stream `" + stream.name() + "`, or make this a `log` view");
        }
        return stream;
    }

    private View latest(String name, YamlElement source, Map<String, YamlElement> entries) {
        Stream stream = keyed(source, "one row a key needs a key");
        boolean softDelete = entries.containsKey("soft-delete") && YamlValues.bool(entries.get("soft-delete"));
        if (softDelete && entries.containsKey("remember-deletes")) {
            throw entries.get("remember-deletes")
                    .complaint(
                            "beside `soft-delete:` the rows of deleted keys stay, so that deletes needn't be remembered;"
                                    + " leave it out");
        }
        return new View.Latest(
                name,
                stream.name(),
                softDelete,
                entries.containsKey("remember-deletes")
                        ? YamlValues.duration(entries.get("remember-deletes"))
                        : DEFAULT_MEMORY_OF_DELETES);
    }

    private View history(String name, YamlElement source, Map<String, YamlElement> entries) {
        Stream stream = keyed(source, "what a key was needs a key");
        return new View.History(
                name, stream.name(), entries.containsKey("track") ? track(entries.get("track"), stream) : List.of());
    }

    private static List<String> track(YamlElement element, Stream stream) {
        List<String> fields = YamlValues.fields(element, Names::problemOfField);
        for (String field : fields) {
            if (stream.key().contains(field)) {
                throw element.complaint("field `" + field + "` is of the key, and no key's changes; leave it out");
            }
        }
        return fields;
    }

    private View fold(String name, YamlElement source, Map<String, YamlElement> entries) {
        List<String> names = source.texts("the name of a stream, or a list of them");
        for (String stream : names) {
            if (!streams.containsKey(stream)) {
                throw source.complaint("there is no stream `" + stream + "`; declared are "
                        + (streams.isEmpty() ? "none" : String.join(", ", streams.keySet())));
            }
            if (!streams.get(stream).isKeyed()) {
                throw source.complaint("a state is one row a key: declare `key:` on stream `" + stream + "`");
            }
        }
        if (names.stream().distinct().count() < names.size()) {
            throw source.complaint("a stream is named twice; keep one");
        }
        if (!entries.containsKey("with")) {
            throw source.complaint("`with:` is missing beside it; expected the name of a fold's class or bean");
        }
        return new View.Fold(name, names, entries.get("with").text("the name of a fold's class or bean"));
    }

    private View sql(String name, YamlElement source, Map<String, YamlElement> entries) {
        SqlText sql = source.sql("a SELECT over streams and views");
        List<String> ofStreams = new ArrayList<>();
        List<String> ofViews = new ArrayList<>();
        for (String named : SqlTables.of(sql)) {
            String table = streams.containsKey(named) ? named : Names.unquoted(named);
            if (streams.containsKey(table)) {
                ofStreams.add(table);
            } else if (views.contains(table) && !table.equals(name)) {
                ofViews.add(table);
            } else {
                throw sql.complaint(
                        sql.text().indexOf(named),
                        table.equals(name)
                                ? "a view can't read itself; name the streams and views that it is derived from"
                                : "there is no stream and no view `" + named + "`; streams are "
                                        + String.join(", ", streams.keySet()));
            }
        }
        if (ofStreams.isEmpty() && ofViews.isEmpty()) {
            throw sql.complaint("it reads no stream and no view; name one of them after FROM");
        }
        if (ofStreams.size() > 1) {
            requireShortNames(name, ofStreams, source);
        }
        if (ofStreams.isEmpty()) {
            requireNoOptionsOfKept(entries);
        }
        return new View.Sql(
                name,
                sql,
                List.copyOf(ofStreams),
                List.copyOf(ofViews),
                entries.containsKey("key")
                        ? YamlValues.distinct(entries.get("key"), "a column of the SELECT, or a list of them")
                        : List.of(),
                entries.containsKey("append") && YamlValues.bool(entries.get("append")),
                entries.containsKey("materialized") && YamlValues.bool(entries.get("materialized")),
                entries.containsKey("grace") ? YamlValues.duration(entries.get("grace")) : Duration.ZERO,
                Optional.ofNullable(entries.get("wait")).map(YamlValues::duration),
                Optional.ofNullable(entries.get("retain")).map(YamlValues::duration),
                Optional.ofNullable(entries.get("remember-deletes")).map(YamlValues::duration),
                Optional.ofNullable(entries.get("bound")).map(ViewParser::bound),
                Optional.ofNullable(entries.get("to-topic")).map(ViewParser::toTopic));
    }

    private static void requireNoOptionsOfKept(Map<String, YamlElement> entries) {
        for (String option : List.of("append", "grace", "wait", "retain", "remember-deletes", "bound", "to-topic")) {
            if (entries.containsKey(option)) {
                throw entries.get(option)
                        .complaint(
                                "a view that only reads views keeps nothing of its own: it has no use for this; leave it out");
            }
        }
    }

    /** Of each stream a join keeps events in a table of its own, and a rebuild makes others beside those. */
    private static void requireShortNames(String name, List<String> streams, YamlElement source) {
        for (String stream : streams) {
            if (name.length() + stream.length() > MOST_OF_BOTH_NAMES) {
                throw source.complaint("the names of a join and of a stream that it reads have at most "
                        + MOST_OF_BOTH_NAMES + " characters together, because they name a table; `" + name + "` and `"
                        + stream + "` have " + (name.length() + stream.length()));
            }
        }
    }

    private static int bound(YamlElement element) {
        long bound = YamlValues.positive(element);
        if (bound > LARGEST_BOUND) {
            throw element.complaint("expected at most " + LARGEST_BOUND + " elements");
        }
        return (int) bound;
    }

    private static View.ToTopic toTopic(YamlElement element) {
        if (!element.isMapping()) {
            return new View.ToTopic(YamlValues.topic(element), Optional.empty(), View.Emit.CHANGES);
        }
        Map<String, YamlElement> entries = element.entries("`topic:` and how it is written", TO_TOPIC);
        if (!entries.containsKey("topic")) {
            throw element.complaint("`topic:` is missing; expected the name of a Kafka topic");
        }
        return new View.ToTopic(
                YamlValues.topic(entries.get("topic")),
                YamlValues.optionalText(entries.get("contract"), "the path of an .avsc file"),
                entries.containsKey("emit")
                        ? YamlValues.oneOf(entries.get("emit"), View.Emit.class)
                        : View.Emit.CHANGES);
    }
}
