package dev.leat.schema.topic;

/**
 * A record that can never become a row.
 *
 * @param schemaId id of the writer's schema; null when the record names none
 */
public record Rejected(
        String stream, int partition, long offset, long timestamp, Long schemaId, Reason reason, String message) {

    /** Why. The names are part of the API and of the dead-letter table. */
    public enum Reason {
        /** No value, where a delete makes no sense; or a value of no bytes. */
        EMPTY_VALUE,
        /** The value doesn't begin with the registry's magic byte and a schema id. */
        NOT_FRAMED,
        /** The registry answers, and doesn't know the id. */
        UNKNOWN_SCHEMA,
        /** The record's type is none that the topic's streams declare. */
        UNDECLARED_TYPE,
        /** This version of the contract is unfit for the stream or for the existing columns; so are all its records. */
        UNFIT_VERSION,
        /** The bytes are not what the schema says. */
        UNDECODABLE,
        /** No Kafka key, or no value in a key field. */
        MISSING_KEY,
        /** The event time is null, or no timestamp can hold it. */
        MISSING_EVENT_TIME,
        /** A view can't hold it: a constraint or a cast in Postgres. */
        REFUSED_BY_VIEW
    }
}
