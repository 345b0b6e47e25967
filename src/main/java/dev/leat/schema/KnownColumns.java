package dev.leat.schema;

import dev.leat.schema.types.Column;
import java.util.List;

/** The columns that a stream's events already have. Implemented where they are kept. */
public interface KnownColumns {

    /**
     * The columns that the stream's views have, without Leat's own; empty when it has none yet. Blocks.
     *
     * @param stream the stream's name
     */
    List<Column> of(String stream);

    /**
     * How many columns a table of one of the stream's views has that were dropped, at most: Postgres counts them. Blocks.
     *
     * @param stream the stream's name
     */
    default int dropped(String stream) {
        return 0;
    }
}
