package dev.leat.schema.types;

import dev.leat.schema.contract.Misfit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The columns of a stream, in order. Immutable; it only ever grows, into a new one. */
public final class Shape {

    private final List<Column> columns;
    private final Map<String, Integer> indexes = new HashMap<>();

    public Shape(List<Column> columns) {
        this.columns = List.copyOf(columns);
        for (int i = 0; i < columns.size(); i++) {
            indexes.put(columns.get(i).name(), i);
        }
    }

    public List<Column> columns() {
        return columns;
    }

    public int size() {
        return columns.size();
    }

    /** Position of a column, or -1. */
    public int indexOf(String name) {
        return indexes.getOrDefault(name, -1);
    }

    public boolean has(String name) {
        return indexes.containsKey(name);
    }

    public Column column(String name) {
        return columns.get(indexes.get(name));
    }

    /**
     * This shape with the columns of one more schema: new columns come last, and shared ones are wide enough for both. The
     * same object when nothing changes.
     *
     * @throws Misfit when columns can't hold the schema's values of their names; names each
     */
    public Shape with(List<Column> others) {
        Shape named = new Shape(others);
        List<Column> union = new ArrayList<>();
        List<String> misfits = new ArrayList<>();
        for (Column column : columns) {
            try {
                union.add(named.has(column.name()) ? column.with(named.column(column.name())) : column.optional());
            } catch (Misfit misfit) {
                misfits.add(misfit.getMessage());
            }
        }
        if (!misfits.isEmpty()) {
            throw new Misfit(String.join("; ", misfits));
        }
        for (Column other : others) {
            if (!has(other.name())) {
                // Older events have no value in it.
                union.add(other.optional());
            }
        }
        return union.equals(columns) ? this : new Shape(union);
    }
}
