package dev.leat.pipeline;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A declared read model, which Leat derives from streams and keeps current. */
public sealed interface View {

    /** Name of the view and of its table, {@code [a-z][a-z0-9_]*}. */
    String name();

    /** Names of the streams whose events change it; empty for one that only reads other views. */
    List<String> streams();

    /** The word that declares it in the file. */
    String kind();

    /** A view that holds the columns of one stream. */
    sealed interface OfStream extends View {

        /** Name of the stream that it follows. */
        String stream();

        @Override
        default List<String> streams() {
            return List.of(stream());
        }
    }

    /**
     * One row a key; a delete removes it; an older event never overwrites a newer one.
     *
     * @param softDelete whether a deleted row stays, marked as deleted, instead of going
     * @param rememberDeletes how long after a delete, by the wall clock, an older event still can't bring the row back
     */
    record Latest(String name, String stream, boolean softDelete, Duration rememberDeletes) implements OfStream {

        @Override
        public String kind() {
            return "latest";
        }
    }

    /** Every event, deletes included, one row each. */
    record Log(String name, String stream) implements OfStream {
        @Override
        public String kind() {
            return "log";
        }
    }

    /**
     * What each key was, and when (slowly changing dimension, type 2): a row for each state of a key, valid from one event
     * time to the next.
     *
     * @param track names of the columns whose change makes a new row; empty: all but the event time
     */
    record History(String name, String stream, List<String> track) implements OfStream {
        @Override
        public String kind() {
            return "history";
        }
    }

    /**
     * What a SELECT says of streams and other views.
     *
     * @param streams the streams that it reads, in the order of the text
     * @param views the views that it reads
     * @param key names of the result's columns that identify a row; empty: as the SELECT gives it
     * @param append whether every event makes rows of its own, instead of one row a key
     * @param grace how long after the watermark has passed a window's end its late events still count
     * @param longestWait how long, by the clock, an event waits at most until the streams of the views that it is joined with have
     *     come as far as it; empty: it doesn't wait
     * @param retain how long a row is kept after the end of its window; empty: always
     * @param rememberDeletes how long a deleted key of the stream is remembered, by the wall clock; empty: nothing is said
     * @param materialized whether its rows are kept, though it only reads views
     * @param bound how many elements {@code array_agg} and its like may gather; empty: they aren't allowed
     * @param toTopic where its rows are written as events; empty: nowhere
     */
    record Sql(
            String name,
            SqlText sql,
            List<String> streams,
            List<String> views,
            List<String> key,
            boolean append,
            boolean materialized,
            Duration grace,
            Optional<Duration> longestWait,
            Optional<Duration> retain,
            Optional<Duration> rememberDeletes,
            Optional<Integer> bound,
            Optional<ToTopic> toTopic)
            implements View {

        /** The same view by another text that means the same. */
        public Sql reading(SqlText other) {
            return with(other, bound);
        }

        /** The same without {@code bound:}. */
        public Sql unbounded() {
            return with(sql, Optional.empty());
        }

        private Sql with(SqlText text, Optional<Integer> kept) {
            return new Sql(
                    name,
                    text,
                    streams,
                    views,
                    key,
                    append,
                    materialized,
                    grace,
                    longestWait,
                    retain,
                    rememberDeletes,
                    kept,
                    toTopic);
        }

        @Override
        public String kind() {
            return "sql";
        }

        /** Whether it is nothing but a Postgres view of other views. */
        public boolean isPlain() {
            return streams.isEmpty();
        }
    }

    /**
     * One row a key: the state that Java has folded the key's events into.
     *
     * @param streams the streams whose events it is folded from, at least one
     * @param with name of the fold: of its bean, or of its class
     * @param version of the fold that it needs at least; 0: whichever the application has
     */
    record Fold(String name, List<String> streams, String with, int version) implements View {

        /** As it is declared: the version is the application's to say. */
        public Fold(String name, List<String> streams, String with) {
            this(name, streams, with, 0);
        }

        @Override
        public String kind() {
            return "fold";
        }
    }

    /**
     * A topic that a view's rows are written to.
     *
     * @param contract class path resource or file of the {@code .avsc} that the rows are written with; empty: one that
     *     follows from the SELECT
     * @param emit when a row is written
     */
    record ToTopic(String topic, Optional<String> contract, Emit emit) {}

    /** When a view's row goes to its topic. */
    enum Emit {
        /** Each time that it changes. */
        CHANGES,
        /** Once, when nothing can change it any more. */
        FINAL
    }
}
