package dev.leat.pipeline;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads the elements of one or more pipeline files into the model. Refuses what it doesn't know. */
final class PipelineParser {

    private static final Set<String> ROOT = new TreeSet<>(Set.of("streams", "views"));
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,47}");

    private final Map<String, Stream> streams = new LinkedHashMap<>();
    private final Map<String, YamlElement> declaredStreams = new LinkedHashMap<>();
    private final Map<String, YamlElement> declaredViews = new LinkedHashMap<>();

    void add(YamlElement file) {
        Map<String, YamlElement> root = file.entries("`streams:` and `views:`", ROOT);
        if (root.containsKey("streams")) {
            root.get("streams").entries("a mapping of stream names").forEach((name, element) -> {
                Stream stream = StreamParser.stream(requireName(name, element), element);
                requireSameTopic(stream, element);
                if (streams.put(name, stream) != null) {
                    throw element.complaint(
                            "a stream of this name is declared already, in another file; rename one of them");
                }
                declaredStreams.put(name, element);
            });
        }
        if (root.containsKey("views")) {
            root.get("views").entries("a mapping of view names").forEach((name, element) -> {
                if (declaredViews.put(requireName(name, element), element) != null) {
                    throw element.complaint(
                            "a view of this name is declared already, in another file; rename one of them");
                }
            });
        }
        if (root.isEmpty()) {
            throw file.complaint("nothing is declared; expected `streams:` and `views:`");
        }
    }

    /** Views are resolved last, so that they may come from another file, or before the stream that they follow. */
    Pipeline build() {
        declaredStreams.forEach((name, element) -> requireOrder(streams.get(name), element));
        Map<String, View> views = new LinkedHashMap<>();
        ViewParser parser = new ViewParser(streams, declaredViews.keySet());
        Map<String, Places> places = new LinkedHashMap<>();
        declaredViews.forEach((name, element) -> {
            views.put(name, parser.view(name, element));
            places.put(name, Places.of(element, element.entries("how the view is derived")));
        });
        Pipeline pipeline = new Pipeline(
                Collections.unmodifiableMap(streams),
                Collections.unmodifiableMap(views),
                Collections.unmodifiableMap(places));
        views.values().forEach(view -> requireNamesOfTables(view, views.keySet()));
        declaredViews.forEach((name, element) -> {
            if (views.get(name) instanceof View.Sql view && view.longestWait().isPresent()) {
                requireSomethingToWaitFor(pipeline, view, element.entries("").get("wait"));
            }
        });
        return pipeline;
    }

    /** A join keeps the events of each of its streams in a table of its own. */
    private void requireNamesOfTables(View view, Set<String> names) {
        if (view instanceof View.Sql join && join.streams().size() > 1) {
            for (String stream : join.streams()) {
                String table = join.name() + "__" + stream;
                if (names.contains(table)) {
                    throw declaredViews
                            .get(table)
                            .complaint("view `" + join.name() + "` keeps the events of stream `" + stream
                                    + "` under this name; rename one of the two views");
                }
            }
        }
    }

    /** That it can be told when an event needn't wait any longer. */
    private static void requireSomethingToWaitFor(Pipeline pipeline, View.Sql view, YamlElement wait) {
        if (view.streams().size() > 1) {
            throw wait.complaint("events of two streams wait for each other as long as the join's bound says;"
                    + " leave it out, or join the one stream with a view of the other");
        }
        if (view.views().isEmpty()) {
            throw wait.complaint(
                    "the SELECT joins no view, so that there is nothing to wait for; join one, or leave it out");
        }
        requireEventTime(pipeline, view.streams().getFirst(), "", wait);
        for (View joined : pipeline.viewsBehind(view.views())) {
            if (joined instanceof View.Sql sql && sql.longestWait().isPresent()) {
                throw wait.complaint("view `" + joined.name() + "`, which it reads, waits itself, and nothing says how"
                        + " far it has come; join what that one is derived from, or leave one `wait:` out");
            }
            joined.streams()
                    .forEach(stream -> requireEventTime(
                            pipeline, stream, ", which view `" + joined.name() + "` is derived from,", wait));
        }
    }

    private static void requireEventTime(Pipeline pipeline, String stream, String which, YamlElement wait) {
        if (!pipeline.stream(stream).eventTime().isDeclared()) {
            throw wait.complaint("stream `" + stream + "`" + which + " has no `event-time:`, and an event waits until"
                    + " the streams that it is joined with have come as far in event time; declare it there");
        }
    }

    /** That a topic can be read after others. */
    private void requireOrder(Stream stream, YamlElement element) {
        for (String first : stream.after()) {
            YamlElement after = element.entries("").get("after");
            if (!streams.containsKey(first)) {
                throw after.complaint(
                        "there is no stream `" + first + "`; declared are " + String.join(", ", streams.keySet()));
            }
            String topic = streams.get(first).topic();
            if (topic.equals(stream.topic())) {
                throw after.complaint("stream `" + first
                        + "` is of the same topic, whose events have one order; name a stream of another topic");
            }
            Set<String> before = new HashSet<>();
            addTopicsBefore(topic, before);
            if (before.contains(stream.topic())) {
                throw after.complaint("stream `" + first + "` itself is read after topic " + stream.topic()
                        + ": each would wait for the other; leave one `after:` out");
            }
        }
    }

    private void addTopicsBefore(String topic, Set<String> before) {
        for (Stream stream : streams.values()) {
            if (stream.topic().equals(topic)) {
                for (String first : stream.after()) {
                    if (streams.containsKey(first)
                            && before.add(streams.get(first).topic())) {
                        addTopicsBefore(streams.get(first).topic(), before);
                    }
                }
            }
        }
    }

    /** What is decided for a topic before anybody knows which of its streams a record is for. */
    private void requireSameTopic(Stream stream, YamlElement element) {
        for (Stream other : streams.values()) {
            if (other.topic().equals(stream.topic())) {
                requireSame("from", other.from(), stream.from(), other, element, "begin at the same place");
                requireSame(
                        "ids",
                        other.decoding().ids(),
                        stream.decoding().ids(),
                        other,
                        element,
                        "have the same kind of ids");
                requireSame(
                        "undeclared",
                        other.decoding().undeclared(),
                        stream.decoding().undeclared(),
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
                requireAnotherType(stream, other, element);
            }
        }
    }

    private static void requireAnotherType(Stream stream, Stream other, YamlElement element) {
        Optional<String> type = stream.contract().type();
        if (!type.equals(other.contract().type())) {
            return;
        }
        if (type.isPresent()) {
            throw element.complaint(Pipeline.hasTypeOf(other, type.get()));
        }
        if (stream.contract().file().equals(other.contract().file())) {
            throw element.complaint("nothing says which records of topic " + stream.topic()
                    + " are this stream's and which are stream `" + other.name()
                    + "`'s; name the record type of each by"
                    + " `type:`. Of the same records there is one stream");
        }
    }

    private static boolean isYelps(Stream stream) {
        return stream.decoding().unwrap().equals(Optional.of(Stream.Unwrap.YELP));
    }

    private static void requireSame(
            String setting, Object one, Object another, Stream other, YamlElement element, String reason) {
        if (!one.equals(another)) {
            throw element.complaint("`" + setting + ":` differs from that of stream `" + other.name()
                    + "`; streams of one topic " + reason);
        }
    }

    private static String requireName(String name, YamlElement element) {
        if (!NAME.matcher(name).matches()) {
            throw element.complaint("expected a name of small letters, digits and _, starting with a letter, at most 48"
                    + " long (it names a table and a type)");
        }
        return name;
    }
}
