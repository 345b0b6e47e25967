package dev.leat.schema.topic;

/**
 * A record's key or value, decoded on its own.
 *
 * @param type full name of the Avro type; null when the bytes aren't framed or the registry doesn't know the id
 * @param json the value as JSON; null when it can't be decoded
 * @param problem why not; null when it could be
 */
public record Inspection(String type, String json, String problem) {}
