package dev.leat.view.sql;

import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import dev.leat.view.writer.TableWriter;
import java.util.List;

/** What a SELECT may read of a stream besides the stream's own columns: where and when each event happened. */
final class EventColumns {

    static final Column PARTITION = TableWriter.PARTITION;
    static final Column OFFSET = TableWriter.OFFSET;

    /** Kafka's timestamp. */
    static final Column TIMESTAMP = new Column("_timestamp", ColumnType.of(ColumnType.Kind.TIMESTAMP), true, "");

    /** Event time. */
    static final Column TIME = new Column("_time", ColumnType.of(ColumnType.Kind.TIMESTAMP), true, "");

    static final List<Column> ALL = List.of(PARTITION, OFFSET, TIMESTAMP, TIME);

    private EventColumns() {}
}
