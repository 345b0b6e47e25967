package dev.leat.pipeline;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Everything the user declared, in the order of the file. Immutable.
 *
 * @param places of views, by name
 */
public record Pipeline(Map<String, Stream> streams, Map<String, View> views, Map<String, Places> places) {

    /** One that no file declares. */
    public Pipeline(Map<String, Stream> streams, Map<String, View> views) {
        this(streams, views, Map.of());
    }

    /** Where a setting of a view is: {@code pipeline.yaml:30: views.lifecycles.with}. */
    public String at(View view, String setting) {
        return places.getOrDefault(view.name(), Places.none("views." + view.name()))
                .of(setting);
    }

    public Stream stream(String name) {
        return streams.get(name);
    }

    /** The topics of all streams. Two streams may share one, told apart by their record type. */
    public Set<String> topics() {
        return streams.values().stream().map(Stream::topic).collect(Collectors.toUnmodifiableSet());
    }

    public List<Stream> streamsOf(String topic) {
        return streams.values().stream().filter(s -> s.topic().equals(topic)).toList();
    }

    /** Why a stream of the same topic and record type is refused. */
    public static String hasTypeOf(Stream other, String type) {
        return "stream `" + other.name() + "` of the same topic has the record type " + type
                + " too, and an event belongs"
                + " to one stream; declare one of the two. A SELECT can join a stream with itself, and a view in SQL can"
                + " have another key";
    }

    /** The topics that are read before this one, when it is read for the first time. */
    public List<String> topicsBefore(String topic) {
        return streamsOf(topic).stream()
                .flatMap(stream -> stream.after().stream())
                .map(first -> stream(first).topic())
                .distinct()
                .toList();
    }

    /** The streams that views are derived from, through other views too. */
    public Set<String> streamsBehind(Collection<String> names) {
        return viewsBehind(names).stream()
                .flatMap(view -> view.streams().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** These views, and those that they read. */
    public Set<View> viewsBehind(Collection<String> names) {
        Set<View> behind = new LinkedHashSet<>();
        names.stream().filter(views::containsKey).forEach(name -> addBehind(views.get(name), behind));
        return behind;
    }

    private void addBehind(View view, Set<View> behind) {
        if (behind.add(view) && view instanceof View.Sql sql) {
            sql.views().stream().filter(views::containsKey).forEach(name -> addBehind(views.get(name), behind));
        }
    }

    /** The views that the stream's events change. */
    public Collection<View> viewsOf(Stream stream) {
        return views.values().stream()
                .filter(v -> v.streams().contains(stream.name()))
                .toList();
    }
}
