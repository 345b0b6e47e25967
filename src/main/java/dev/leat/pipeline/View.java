package dev.leat.pipeline;

import java.time.Duration;

/** A declared read model: a Postgres table that Leat derives from a stream and keeps current. */
public sealed interface View {

    /** Name of the view and of its table, {@code [a-z][a-z0-9_]*}. */
    String name();

    /** Name of the stream that it follows. */
    String stream();

    /** The word that declares it in the file. */
    String kind();

    /**
     * One row a key; a delete removes it; an older event never overwrites a newer one.
     *
     * @param softDelete whether a deleted row stays, marked as deleted, instead of going
     * @param rememberDeletes how long after a delete, by the wall clock, an older event still can't bring the row back
     */
    record Latest(String name, String stream, boolean softDelete, Duration rememberDeletes) implements View {

        @Override
        public String kind() {
            return "latest";
        }
    }

    /** Every event, deletes included, one row each. */
    record Log(String name, String stream) implements View {
        @Override
        public String kind() {
            return "log";
        }
    }
}
