package dev.leat.schema.types;

import dev.leat.pipeline.Names;
import dev.leat.schema.contract.Misfit;

/**
 * One column of a stream.
 *
 * @param name as in Avro; the parts of a nested record's field are joined with {@code _}
 * @param required whether every event but a delete has a value
 * @param doc what the contract says of it; empty if nothing
 */
public record Column(String name, ColumnType type, boolean required, String doc) {

    /** Whether it is one of Leat's own, which no field can be. */
    public boolean isOwn() {
        return Names.isOfEvents(name);
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
