package dev.leat.view.writer.latest;

import dev.leat.pipeline.Stream;
import dev.leat.postgres.Sql;
import dev.leat.postgres.Tx;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Vector;
import dev.leat.schema.types.table.PgArrays;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * Tells which keys of a batch aren't in a view's table yet, where it pays to know: a row of a new key costs Postgres about
 * half of what it costs as an upsert.
 *
 * <p>The answer is a guess: another lane may write one of the keys meanwhile. Once that is seen, or a row of another partition,
 * lanes share keys. Then every batch locks its keys in one statement and one order again, and asks nothing more in this
 * process.
 *
 * <p>Lanes share this object, and race only for whether to ask.
 */
final class NewKeys {

    /** For fewer, the statements cost more than they save. */
    static final int WORTH_ASKING = 256;

    /** How many batches aren't asked about after one of which most keys were known. */
    static final int SKIPPED_BATCHES = 15;

    private final Stream stream;
    private final String table;
    private volatile boolean shared;
    private volatile int toSkip;

    NewKeys(Stream stream, String table) {
        this.stream = stream;
        this.table = table;
    }

    /** Rows whose keys are new, as it seems, and the others; each in the order that they were given in. */
    record Split(int[] fresh, int[] others) {}

    /** @param selected a row a key */
    Split split(Tx tx, Rows rows, int[] selected) {
        if (!isAsked(rows, selected.length)) {
            return new Split(new int[0], selected);
        }
        Set<Object> known = known(tx, rows, selected);
        if (shared) {
            return new Split(new int[0], selected);
        }
        if (known.size() * 2 > selected.length) {
            toSkip = SKIPPED_BATCHES;
        }
        if (known.isEmpty()) {
            return new Split(selected, new int[0]);
        }
        Vector keys = rows.vector(stream.key().getFirst());
        return new Split(
                Arrays.stream(selected)
                        .filter(row -> !known.contains(keys.valueAt(row)))
                        .toArray(),
                Arrays.stream(selected)
                        .filter(row -> known.contains(keys.valueAt(row)))
                        .toArray());
    }

    /** Another lane has written a key that seemed to be new. */
    void lanesShareKeys() {
        shared = true;
    }

    private boolean isAsked(Rows rows, int keys) {
        if (shared || keys < WORTH_ASKING || !isComparable(rows)) {
            return false;
        }
        int skipped = toSkip;
        if (skipped > 0) {
            toSkip = skipped - 1;
            return false;
        }
        return true;
    }

    /** Whether a key is one value that equals here what it equals in Postgres. */
    private boolean isComparable(Rows rows) {
        if (stream.key().size() != 1) {
            return false;
        }
        Kind kind = rows.vector(stream.key().getFirst()).type().kind();
        return kind == Kind.STRING || kind == Kind.INT || kind == Kind.LONG || kind == Kind.UUID;
    }

    private Set<Object> known(Tx tx, Rows rows, int[] selected) {
        Vector keys = rows.vector(stream.key().getFirst());
        // The plan is kept, and one that was made for a small table would read all of a large one each time.
        tx.send("SAVEPOINT ask; SET LOCAL enable_seqscan = off");
        RowSet<Row> found = tx.execute(
                askStatement(PgArrays.parameterType(keys.type())), Tuple.of(PgArrays.values(keys, selected)));
        tx.send("ROLLBACK TO SAVEPOINT ask; RELEASE SAVEPOINT ask");
        Set<Object> known = new HashSet<>(found.size() * 2);
        for (Row row : found) {
            known.add(row.getValue(0) instanceof Integer key ? Long.valueOf(key) : row.getValue(0));
            if (row.getInteger(1) != rows.partition()) {
                shared = true;
            }
        }
        return known;
    }

    String askStatement(String keys) {
        String key = Sql.quote(stream.key().getFirst());
        return "SELECT " + key + ", _partition FROM " + table + " WHERE " + key + " = ANY ($1::" + keys + ")";
    }
}
