package dev.leat.schema;

import dev.leat.schema.types.Column;
import java.util.List;

/** What a stream's events have become before: implemented by whoever keeps it. */
public interface KnownColumns {

    /**
     * The columns that the stream's views have, without Leat's own; empty when it has none yet. Blocks.
     *
     * @param stream the stream's name
     */
    List<Column> of(String stream);
}
