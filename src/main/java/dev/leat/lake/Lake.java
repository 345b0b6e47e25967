package dev.leat.lake;

import dev.leat.lake.manifest.LakeReach;
import dev.leat.lake.manifest.Manifest;
import dev.leat.lake.manifest.ManifestEntry;
import dev.leat.lake.manifest.Ownership;
import dev.leat.lake.manifest.PgManifest;
import dev.leat.lake.manifest.ResilientManifest;
import dev.leat.lake.parquet.Dictionaries;
import dev.leat.lake.parquet.FileColumns;
import dev.leat.lake.parquet.FileFormat;
import dev.leat.lake.read.LakeScan;
import dev.leat.lake.store.DayPartition;
import dev.leat.lake.store.LakeFolder;
import dev.leat.lake.write.LakeLane;
import dev.leat.lake.write.LakeRange;
import dev.leat.lake.write.LakeWriter;
import dev.leat.lake.write.RollPolicy;
import dev.leat.pipeline.Stream;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;

/** The lake's entry: lanes open it for writing, rebuilds read it back. Thread-safe. */
@ApplicationScoped
public class Lake {

    private static final Logger LOG = Logger.getLogger(Lake.class);

    private final LakeConfig config;
    private final Manifest manifest;
    private final LakeFolder folder;
    private final Pool pool;

    Lake(LakeConfig config, Pool pool) {
        this.config = config;
        this.pool = pool;
        this.manifest = new PgManifest(pool, config.timeout());
        this.folder = new LakeFolder(Path.of(config.location()));
    }

    /**
     * Takes ownership of a stream's lake in one partition, deletes leftover files of earlier owners, and starts to write at
     * the checkpoint. An earlier owner can no longer make a file count. Blocks; for virtual and worker threads. Fails when
     * Postgres is unavailable, and may be retried then.
     *
     * @param stream must have a {@code lake}
     * @param startIfNew offset to start at where the lake has no checkpoint yet
     */
    public LakeLane open(Stream stream, int partition, long startIfNew) {
        Ownership owner = manifest.own(stream, partition, startIfNew);
        sweep(owner);
        CompletableFuture<Void> closed = new CompletableFuture<>();
        LakeWriter writer = new LakeWriter(
                owner,
                folder,
                new ResilientManifest(
                        manifest, config.retry().min(), config.retry().max(), closed),
                policy(stream),
                format(),
                Clock.systemUTC());
        return new LakeLane(owner, writer, config.queue(), config.stallAfter(), closed).start();
    }

    /**
     * Adds rows below the lake's checkpoint, of redriven events: in files of their own, which count when the connection's
     * transaction commits. Until it ends, nobody can take ownership of the partition and sweep the files. Blocks.
     *
     * @param rows of a stream that has a {@code lake}
     */
    public void appendInTransaction(SqlConnection connection, Rows rows) {
        PgManifest manifest = new PgManifest(pool, config.timeout());
        Ownership once = manifest.lockInTransaction(connection, rows.stream(), rows.partition(), rows.offset(0));
        RollPolicy policy = policy(rows.stream());
        DayPartition days = new DayPartition(policy.declared().partitionBy());
        LakeRange range =
                new LakeRange(once, rows.offset(0), Instant.EPOCH, days, folder, format(), new Dictionaries());
        try {
            FileColumns columns = FileColumns.of(rows.stream().name(), rows.shape());
            for (int row = 0; row < rows.size(); row++) {
                range.write(rows, row, days.of(rows.eventTime(row)), columns);
            }
            manifest.addInTransaction(connection, once, range.publish());
        } catch (IOException e) {
            range.abandon();
            throw new UncheckedIOException("The lake can't be written: " + e.getMessage(), e);
        }
    }

    /**
     * Writes a file and deletes it. Blocks.
     *
     * @throws IOException the lake's folder can't be written, for example because its disk is full
     */
    public void requireWritable(Stream stream, int partition) throws IOException {
        folder.requireWritable(stream, partition);
    }

    /** Leaves out what lies between the lake's checkpoint and this offset. Its reach begins anew there. Blocks. */
    public void skipTo(Stream stream, int partition, long offset) {
        new PgManifest(pool, config.timeout()).skipTo(stream, partition, offset);
    }

    /** Which events of this stream and partition count in the lake now. Blocks. */
    public LakeReach reach(Stream stream, int partition) {
        return new PgManifest(pool, config.timeout()).reach(stream, partition);
    }

    /**
     * Reads back the events from one offset up to another, those that count when this is called. Blocks.
     *
     * @param shape columns of the rows; those that a file hasn't got are null
     * @param to after the last; no more than {@link LakeReach#end}
     */
    public LakeScan scan(Stream stream, int partition, Shape shape, long from, long to) {
        List<ManifestEntry> files = new PgManifest(pool, config.timeout()).files(stream, partition, from, to);
        return new LakeScan(stream, partition, shape, from, to, folder, files);
    }

    private RollPolicy policy(Stream stream) {
        return new RollPolicy(
                stream.lake().orElseThrow(), config.openFiles(), config.buffer().asLongValue());
    }

    private FileFormat format() {
        return new FileFormat(
                config.compression(), config.zstdLevel(), config.rowGroup().asLongValue());
    }

    private void sweep(Ownership owner) {
        try {
            int swept = folder.sweep(owner, manifest.paths(owner.stream(), owner.partition()));
            LOG.infof(
                    "lake open stream=%s topic=%s partition=%d offset=%d epoch=%d swept=%d",
                    owner.stream().name(),
                    owner.stream().topic(),
                    owner.partition(),
                    owner.nextOffset(),
                    owner.epoch(),
                    swept);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The lake's folder can't be swept: " + config.location() + ": " + e.getMessage(), e);
        }
    }
}
