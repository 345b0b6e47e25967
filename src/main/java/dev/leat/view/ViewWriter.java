package dev.leat.view;

import dev.leat.schema.Rows;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.List;

/** Applies decoded rows to one view. What a kind of view is, is told here and nowhere else. */
sealed interface ViewWriter permits LatestWriter, LogWriter {

    /** Columns that the kind adds to the stream's, as they stand in DDL. */
    List<String> ownColumns();

    /** The table's primary key. */
    List<String> key();

    /**
     * Applies some of the rows within the connection's open transaction.
     *
     * @param selected indexes of these rows, ascending; never empty
     */
    Uni<Void> applyInTransaction(SqlConnection connection, Rows rows, int[] selected);
}
