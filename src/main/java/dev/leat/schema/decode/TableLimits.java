package dev.leat.schema.decode;

import dev.leat.pipeline.Names;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.Shape;
import java.util.List;

/**
 * What the tables of a stream's views can hold.
 *
 * <p>Source: PostgreSQL, appendix "PostgreSQL Limits": 1,600 columns a table, those that were dropped included, and a row on one
 * page of 8 kB, without what is stored elsewhere.
 *
 * @param columns of the stream, at most
 * @param history where the first view is declared that is a history; null without one
 */
public record TableLimits(int columns, String history) {

    private static final int OF_A_TABLE = 1600;

    /** The most that a kind of view adds to its stream's. */
    private static final int OWN = 10;

    private static final int ROW_BYTES = 8160;
    private static final int ROW_HEADER_BYTES = 24;

    public static final TableLimits NONE = new TableLimits(OF_A_TABLE - OWN, null);

    /** @param history where the stream's `history` view is declared; null: it has none */
    public static TableLimits of(String history) {
        return new TableLimits(NONE.columns(), history);
    }

    /** The same where a table of one of the stream's views had so many columns more, which were dropped. */
    public TableLimits without(int dropped) {
        return new TableLimits(NONE.columns() - dropped, history);
    }

    /**
     * Whether a version fits.
     *
     * @param all the stream's columns together with the version's
     * @throws ContractException when it doesn't
     */
    public void require(Shape all, List<Column> version) {
        if (all.size() > columns) {
            throw new ContractException(
                    "with it the stream has " + all.size() + " columns, and a table in Postgres has room" + " for "
                            + columns + " of them; `nested: json` keeps each record within the record in one column");
        }
        int bytes = ROW_HEADER_BYTES + all.size() / Byte.SIZE;
        for (Column column : version) {
            bytes += column.required() ? bytes(column.type().kind()) : 0;
            if (history != null && Names.isOfHistories(column.name())) {
                throw new ContractException(
                        history + ": field " + column.name() + " has the name of a column that a `history` view"
                                + " has itself; rename the field, or make the view a `log`");
            }
        }
        if (bytes > ROW_BYTES) {
            throw new ContractException("its required fields alone take " + bytes
                    + " bytes of a row, and a row in Postgres" + " has at most " + ROW_BYTES
                    + "; `nested: json` keeps each record within the record in one column");
        }
    }

    /** What a value takes in its row, at least. */
    private static int bytes(ColumnType.Kind kind) {
        return switch (kind) {
            case INT, FLOAT, DATE -> Integer.BYTES;
            case LONG, DOUBLE, TIME, TIMESTAMP, TIMESTAMP_NANOS, LOCAL_TIMESTAMP, LOCAL_TIMESTAMP_NANOS -> Long.BYTES;
            case UUID, DURATION -> 2 * Long.BYTES;
            default -> 1;
        };
    }
}
