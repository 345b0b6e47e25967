package dev.leat.lake.manifest;

import dev.leat.pipeline.Stream;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The manifest in Postgres. Blocks for at most {@code leat.lake.timeout}, so not for event loops. What takes longer fails with
 * an unknown outcome; {@link #commit} may be retried then.
 */
public final class PgManifest implements Manifest {

    // nextval is called in the UPDATE too, where the row is locked, so that epochs rise in the order of owners.
    private static final String OWN_CHECKPOINT = """
            INSERT INTO leat.lake_checkpoint AS c (stream, topic, partition, first_offset, next_offset, epoch)
            VALUES ($1, $2, $3, $4, $4, nextval('leat.lake_epoch'))
            ON CONFLICT (stream, topic, partition) DO UPDATE SET epoch = nextval('leat.lake_epoch')
            RETURNING c.next_offset, c.epoch""";

    // Of every topic that the stream has ever had, because their files share the folder.
    private static final String SELECT_PATHS = "SELECT path FROM leat.lake_file WHERE stream = $1 AND partition = $2";

    private static final String ADVANCE_CHECKPOINT = """
            UPDATE leat.lake_checkpoint SET next_offset = $6, updated_at = now()
            WHERE stream = $1 AND topic = $2 AND partition = $3 AND epoch = $4 AND next_offset = $5""";

    private static final String INSERT_FILE = """
            INSERT INTO leat.lake_file (stream, topic, partition, path, day, first_offset, last_offset, rows, bytes)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)""";

    // All files of a range are committed together, so one of them tells for all.
    private static final String SELECT_COMMITTED = """
            SELECT EXISTS (SELECT FROM leat.lake_file WHERE path = $6)
                OR EXISTS (SELECT FROM leat.lake_checkpoint
                           WHERE stream = $1 AND topic = $2 AND partition = $3 AND epoch = $4 AND next_offset = $5)""";

    private static final String LOCK_CHECKPOINT = """
            SELECT FROM leat.lake_checkpoint WHERE stream = $1 AND topic = $2 AND partition = $3 FOR UPDATE""";

    // Its owner until now must not move it back.
    private static final String SKIP = """
            UPDATE leat.lake_checkpoint
            SET next_offset = $4, first_offset = $4, epoch = nextval('leat.lake_epoch'), updated_at = now()
            WHERE stream = $1 AND topic = $2 AND partition = $3 AND next_offset < $4""";

    private static final String SELECT_REACH = """
            SELECT first_offset, next_offset FROM leat.lake_checkpoint
            WHERE stream = $1 AND topic = $2 AND partition = $3""";

    private static final String SELECT_FILES = """
            SELECT path, day, first_offset, last_offset, rows, bytes FROM leat.lake_file
            WHERE stream = $1 AND topic = $2 AND partition = $3 AND last_offset >= $4 AND first_offset < $5
            ORDER BY first_offset, path""";

    private static final String NEXT_EPOCH = "SELECT nextval('leat.lake_epoch')";

    private final Pool pool;
    private final Duration timeout;

    public PgManifest(Pool pool, Duration timeout) {
        this.pool = pool;
        this.timeout = timeout;
    }

    @Override
    public Ownership own(Stream stream, int partition, long startIfNew) {
        return pool.preparedQuery(OWN_CHECKPOINT)
                .execute(Tuple.of(stream.name(), stream.topic(), partition, startIfNew))
                .map(rows -> rows.iterator().next())
                .map(row -> new Ownership(stream, partition, row.getLong("epoch"), row.getLong("next_offset")))
                .await()
                .atMost(timeout);
    }

    @Override
    public Set<String> paths(Stream stream, int partition) {
        return pool.preparedQuery(SELECT_PATHS)
                .execute(Tuple.of(stream.name(), partition))
                .map(rows -> {
                    Set<String> paths = new HashSet<>();
                    for (Row row : rows) {
                        paths.add(row.getString(0));
                    }
                    return paths;
                })
                .await()
                .atMost(timeout);
    }

    @Override
    public Verdict commit(Ownership owner, long from, long to, List<ManifestEntry> files) {
        return pool.withTransaction(connection -> commitInTransaction(connection, owner, from, to, files))
                .await()
                .atMost(timeout);
    }

    private static Uni<Verdict> commitInTransaction(
            SqlConnection connection, Ownership owner, long from, long to, List<ManifestEntry> files) {
        Tuple advance = lane(owner).addLong(owner.epoch()).addLong(from).addLong(to);
        return connection
                .preparedQuery(ADVANCE_CHECKPOINT)
                .execute(advance)
                .chain(advanced -> advanced.rowCount() == 0
                        ? verdictOfEarlierAttempt(connection, owner, to, files)
                        : insert(connection, owner, files));
    }

    /**
     * Locks the ownership until the transaction ends; the owner keeps it.
     *
     * @return the right to write files under names of their own
     */
    public Ownership lockInTransaction(SqlConnection connection, Stream stream, int partition, long from) {
        return connection
                .preparedQuery(LOCK_CHECKPOINT)
                .execute(Tuple.of(stream.name(), stream.topic(), partition))
                .chain(() -> connection.query(NEXT_EPOCH).execute())
                .map(rows ->
                        new Ownership(stream, partition, rows.iterator().next().getLong(0), from))
                .await()
                .atMost(timeout);
    }

    public void addInTransaction(SqlConnection connection, Ownership owner, List<ManifestEntry> files) {
        insert(connection, owner, files).await().atMost(timeout);
    }

    private static Uni<Verdict> insert(SqlConnection connection, Ownership owner, List<ManifestEntry> files) {
        if (files.isEmpty()) {
            return Uni.createFrom().item(Verdict.COMMITTED);
        }
        List<Tuple> rows = files.stream()
                .map(file -> lane(owner)
                        .addString(file.path())
                        .addLocalDate(file.day())
                        .addLong(file.firstOffset())
                        .addLong(file.lastOffset())
                        .addLong(file.rows())
                        .addLong(file.bytes()))
                .toList();
        return connection.preparedQuery(INSERT_FILE).executeBatch(rows).replaceWith(Verdict.COMMITTED);
    }

    /** An attempt whose answer was lost has ended by now, because this transaction waited for its row lock. */
    private static Uni<Verdict> verdictOfEarlierAttempt(
            SqlConnection connection, Ownership owner, long to, List<ManifestEntry> files) {
        String path = files.isEmpty() ? null : files.getFirst().path();
        return connection
                .preparedQuery(SELECT_COMMITTED)
                .execute(lane(owner).addLong(owner.epoch()).addLong(to).addString(path))
                .map(rows -> rows.iterator().next().getBoolean(0) ? Verdict.COMMITTED : Verdict.FENCED);
    }

    /** Moves the checkpoint forward to this offset, and lets the reach begin there. */
    public void skipTo(Stream stream, int partition, long offset) {
        pool.preparedQuery(SKIP)
                .execute(Tuple.of(stream.name(), stream.topic(), partition, offset))
                .await()
                .atMost(timeout);
    }

    public LakeReach reach(Stream stream, int partition) {
        return pool.preparedQuery(SELECT_REACH)
                .execute(Tuple.of(stream.name(), stream.topic(), partition))
                .map(rows -> rows.iterator())
                .map(row -> row.hasNext() ? reach(row.next()) : LakeReach.NONE)
                .await()
                .atMost(timeout);
    }

    private static LakeReach reach(Row row) {
        return new LakeReach(row.getLong(0), row.getLong(1));
    }

    /** The files with events from one offset up to another, ordered by first offset. */
    public List<ManifestEntry> files(Stream stream, int partition, long from, long to) {
        List<ManifestEntry> files = new ArrayList<>();
        pool.preparedQuery(SELECT_FILES)
                .execute(Tuple.of(stream.name(), stream.topic(), partition, from, to))
                .await()
                .atMost(timeout)
                .forEach(row -> files.add(new ManifestEntry(
                        row.getString(0),
                        row.getLocalDate(1),
                        row.getLong(2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getLong(5))));
        return files;
    }

    private static Tuple lane(Ownership owner) {
        return Tuple.tuple()
                .addString(owner.stream().name())
                .addString(owner.stream().topic())
                .addInteger(owner.partition());
    }
}
