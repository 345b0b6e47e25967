package dev.leat.view.writer;

import dev.leat.pipeline.Stream;
import dev.leat.schema.types.Rows;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Events of one partition in the order of their offsets: those of one stream, or of several that share the topic. An event
 * is known by its index here.
 */
public final class OrderedEvents {

    private final List<Rows> rows;
    private final List<Place> places; // null: one stream's, by the index of their rows

    /** Where an event's columns are. */
    private record Place(Rows rows, int row) {
        long offset() {
            return rows.offset(row);
        }
    }

    private OrderedEvents(List<Rows> rows, List<Place> places) {
        this.rows = rows;
        this.places = places;
    }

    public static OrderedEvents of(Rows rows) {
        return new OrderedEvents(List.of(rows), null);
    }

    /** A delete that is several streams' comes once for each of them. */
    public static OrderedEvents merged(List<Rows> rows) {
        List<Rows> some = rows.stream().filter(r -> !r.isEmpty()).toList();
        if (some.size() == 1) {
            return of(some.getFirst());
        }
        List<Place> places = new ArrayList<>();
        for (Rows ofStream : some) {
            for (int row = 0; row < ofStream.size(); row++) {
                places.add(new Place(ofStream, row));
            }
        }
        places.sort(Comparator.comparingLong(Place::offset));
        return new OrderedEvents(some, places);
    }

    public int size() {
        return places == null ? rows.getFirst().size() : places.size();
    }

    public boolean isEmpty() {
        return size() == 0;
    }

    public int[] all() {
        return IntStream.range(0, size()).toArray();
    }

    /** The rows that an event is one of. */
    public Rows rows(int event) {
        return places == null ? rows.getFirst() : places.get(event).rows();
    }

    /** Index of an event within its {@link #rows}. */
    public int row(int event) {
        return places == null ? event : places.get(event).row();
    }

    public long offset(int event) {
        return rows(event).offset(row(event));
    }

    public Stream stream(int event) {
        return rows(event).stream();
    }

    /** Those of the only stream. */
    public Rows only() {
        if (places != null) {
            throw new IllegalStateException("events of several streams for a view of one");
        }
        return rows.getFirst();
    }
}
