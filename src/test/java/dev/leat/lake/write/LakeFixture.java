package dev.leat.lake.write;

import dev.leat.lake.manifest.MemoryManifest;
import dev.leat.lake.manifest.Ownership;
import dev.leat.lake.parquet.Compression;
import dev.leat.lake.parquet.FileFormat;
import dev.leat.lake.store.LakeFolder;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.StreamFixture;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnRows;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import org.duckdb.DuckDBDriver;

/** A lake in a folder, with a manifest in memory and a clock that can be set; read back by DuckDB. */
public final class LakeFixture {

    public static final long DAY_MILLIS = 86_400_000L;
    public static final Shape NAMES = ColumnRows.shape(ColumnRows.column("name", ColumnType.Kind.STRING));

    public final MemoryManifest manifest = new MemoryManifest();
    final SettableClock clock = new SettableClock();
    final Path location;
    public LakeFolder folder;
    public FileFormat format = new FileFormat(Compression.ZSTD, 3, 1 << 20);
    int openFiles = 32;

    public LakeFixture(Path location) {
        this.location = location;
        this.folder = new LakeFolder(location);
    }

    public static Stream stream(Stream.PartitionBy partitionBy, long rows) {
        return new StreamFixture("rides", "taxi.rides")
                .lake(new Stream.Lake(partitionBy, rows, 256L << 20, Duration.ofMinutes(5)))
                .build();
    }

    /** As a process that starts: owns, sweeps, and writes from the checkpoint. */
    public LakeWriter open(Stream stream) throws IOException {
        Ownership owner = manifest.own(stream, 0, 0);
        folder.sweep(owner, manifest.paths(stream, 0));
        return writer(owner);
    }

    public LakeWriter writer(Ownership owner) {
        return new LakeWriter(
                owner,
                folder,
                manifest,
                new RollPolicy(owner.stream().lake().orElseThrow(), openFiles, 64L << 20),
                format,
                clock);
    }

    /** Events e<offset> of these offsets, one each hour since 1970. */
    public static Rows events(Stream stream, long from, long to) {
        ColumnRows rows = new ColumnRows(stream, NAMES, 0);
        for (long offset = from; offset < to; offset++) {
            rows.add(offset, offset * DAY_MILLIS / 24, "e" + offset);
        }
        return rows.build();
    }

    public static Rows none(Stream stream) {
        return new ColumnRows(stream, NAMES, 0).build();
    }

    /** The first column of the answer; {@code LAKE} in the query stands for the files that count. */
    public List<String> query(String sql) throws SQLException {
        String paths = manifest.entries.stream()
                .map(entry -> "'" + location.resolve(entry.path()) + "'")
                .collect(Collectors.joining(",", "read_parquet([", "], union_by_name=true)"));
        List<String> values = new ArrayList<>();
        try (Connection duckdb = new DuckDBDriver().connect("jdbc:duckdb:", new Properties());
                ResultSet rows = duckdb.createStatement().executeQuery(sql.replace("LAKE", paths))) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }

    public String names() throws SQLException {
        return manifest.entries.isEmpty() ? "" : String.join("|", query("SELECT name FROM LAKE ORDER BY _offset"));
    }

    /** All files on the disk, whether they count or not. */
    public List<String> files() throws IOException {
        try (java.util.stream.Stream<Path> files = Files.walk(location)) {
            return files.filter(Files::isRegularFile)
                    .map(folder::relative)
                    .sorted()
                    .toList();
        }
    }

    public static Column column(String name, ColumnType type) {
        return new Column(name, type, false, "");
    }

    static final class SettableClock extends Clock {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
