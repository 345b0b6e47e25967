package dev.leat.schema.registry;

import dev.leat.pipeline.Stream.Ids;

/** What names a schema in the registry. Ids of two kinds are two ids, also where the numbers are the same. */
public record SchemaId(Ids.Kind kind, long value) {

    public static SchemaId content(long value) {
        return new SchemaId(Ids.Kind.CONTENT, value);
    }

    public static SchemaId global(long value) {
        return new SchemaId(Ids.Kind.GLOBAL, value);
    }

    @Override
    public String toString() {
        return (kind == Ids.Kind.GLOBAL ? "global id " : "id ") + Long.toUnsignedString(value);
    }
}
