package dev.leat.schema.types;

import dev.leat.schema.contract.Misfit;
import java.util.Set;

/**
 * One column of a stream.
 *
 * @param name as in Avro; the parts of a nested record's field are joined with {@code _}
 * @param required whether every event but a delete has a value
 * @param doc what the contract says of it; empty if nothing
 */
public record Column(String name, ColumnType type, boolean required, String doc) {

    /** Names that Leat's own columns have in views and in the lake. */
    private static final Set<String> RESERVED = Set.of("_partition", "_offset", "_timestamp", "_deleted");

    public static boolean isReserved(String name) {
        return RESERVED.contains(name);
    }

    /** Whether it is one of Leat's own, which no field can be. */
    public boolean isOwn() {
        return isReserved(name);
    }

    /** This column, where not every event has a value. */
    public Column optional() {
        return required ? new Column(name, type, false, doc) : this;
    }

    /**
     * This column, wide enough for another one's values too.
     *
     * @throws Misfit when no type holds both
     */
    public Column with(Column other) {
        ColumnType wide = type.widenedFor(other.type()).orElseThrow(() -> misfit(name, other.type(), type));
        return new Column(name, wide, required && other.required(), doc);
    }

    /** A field's values don't fit the column of its name. */
    public static Misfit misfit(String name, ColumnType field, ColumnType column) {
        return new Misfit("field " + name + " is " + field.postgres() + ", but its column is " + column.postgres()
                + " and can't hold it");
    }
}
