package dev.leat.view.release;

import dev.leat.schema.types.Rows;
import java.util.List;

/** Rolls a release back: tables have to get the columns of these rows before the same is tried again. */
final class TablesLagging extends RuntimeException {

    private final transient List<Rows> rows;

    TablesLagging(List<Rows> rows) {
        super("tables lack columns", null, false, false);
        this.rows = rows;
    }

    List<Rows> rows() {
        return rows;
    }
}
