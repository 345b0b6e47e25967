package dev.leat.schema.decode;

import dev.leat.schema.types.ColumnType;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;

/**
 * The value of a column whose field the writer of a record didn't know.
 *
 * @param value as {@link dev.leat.schema.types.Vector#valueAt} gives it; null for none
 * @param within the records in the record that the field is in, outermost first: where one that may be missing is missing,
 *     so is the value
 * @param outer what counts where the writer doesn't know those records either; null: nothing more
 * @param newest the field's schema where its values are composed, and may lack defaults themselves; null where they can't
 */
public record Default(ColumnType type, Object value, List<Within> within, Default outer, Schema newest) {

    /** Of a field of the record itself. */
    public Default(ColumnType type, Object value) {
        this(type, value, List.of(), null, null);
    }

    /**
     * A record in the record.
     *
     * @param columns those of its fields, of which a writer's record has some too, whatever both are called
     * @param optional whether it may be missing
     */
    record Within(Set<String> columns, boolean optional) {}

    /**
     * A record in a writer's record.
     *
     * @param path of the fields to it; empty of the record itself
     * @param depth how many fields that are
     */
    record Group(String path, int depth, Set<String> columns) {}

    /**
     * A value in a writer's record.
     *
     * @param group the path of the record whose presence decides
     */
    record Placed(String group, Default value) {}

    Default composedAs(Schema newest) {
        return new Default(type, value, within, outer, newest);
    }

    /** Where this value is to be set in records of a writer; empty where Avro has none for them. */
    Optional<Placed> placed(List<Group> writer) {
        for (int depth = within.size(); depth > 0; depth--) {
            Within record = within.get(depth - 1);
            int at = depth;
            Optional<Group> known = writer.stream()
                    .filter(group -> group.depth() == at && !Collections.disjoint(group.columns(), record.columns()))
                    .findFirst();
            if (known.isPresent()) {
                return placed(writer, known.get().path(), depth);
            }
        }
        return placed(writer, "", 0);
    }

    /** @param depth of the innermost of the records around the field that the writer knows */
    private Optional<Placed> placed(List<Group> writer, String path, int depth) {
        if (depth < within.size() && outer != null) {
            return outer.placed(writer);
        }
        return within.subList(depth, within.size()).stream().anyMatch(Within::optional)
                ? Optional.empty()
                : Optional.of(new Placed(path, this));
    }
}
