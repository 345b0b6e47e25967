package dev.leat.lake.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.lake.manifest.ManifestEntry;
import dev.leat.lake.parquet.Compression;
import dev.leat.lake.parquet.FileFormat;
import dev.leat.lake.write.LakeFixture;
import dev.leat.lake.write.LakeWriter;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.StreamFixture;
import dev.leat.schema.topic.AvroRows;
import dev.leat.schema.types.ColumnRows;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import dev.leat.schema.types.TypeSamples;
import dev.leat.schema.types.TypeSamples.Sample;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What was written into the lake comes back as the rows that it was. */
class LakeScanTest {

    @TempDir
    Path location;

    static List<Sample> every_type() {
        return TypeSamples.all();
    }

    @ParameterizedTest
    @MethodSource
    void every_type(Sample sample) throws Exception {
        // Given
        Stream stream = LakeFixture.stream(Stream.PartitionBy.NONE, 1_000_000);
        LakeFixture lake = new LakeFixture(location);
        Rows written = new AvroRows(stream).rows(sample.records());
        LakeWriter writer = lake.open(stream);
        writer.take(written, written.size());
        writer.roll();

        // When
        Rows read = scan(lake, stream, written.shape(), 0, written.size()).next(1000);

        // Then
        assertThat(text(read)).isEqualTo(text(written));
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void every_compression(Compression compression) throws Exception {
        Stream stream = LakeFixture.stream(Stream.PartitionBy.NONE, 1_000_000);
        LakeFixture lake = new LakeFixture(location);
        lake.format = new FileFormat(compression, 3, 1 << 20);
        LakeWriter writer = lake.open(stream);
        writer.take(LakeFixture.events(stream, 0, 3000), 3000);
        writer.roll();
        Rows read = scan(lake, stream, LakeFixture.NAMES, 0, 3000).next(5000);
        assertThat(text(read)).isEqualTo(text(LakeFixture.events(stream, 0, 3000)));
    }

    @Test
    void events_of_many_days_and_files_come_in_the_order_of_their_offsets() throws Exception {
        // Given
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        Stream stream = LakeFixture.stream(Stream.PartitionBy.DAY, 50);
        LakeFixture lake = new LakeFixture(location);
        LakeWriter writer = lake.open(stream);
        ColumnRows all = new ColumnRows(stream, LakeFixture.NAMES, 0);
        for (long offset = 0; offset < 600; offset += 1 + random.nextInt(3)) {
            all.add(offset, random.nextInt(5) * LakeFixture.DAY_MILLIS, "e" + offset);
        }
        writer.take(all.build(), 600);
        writer.roll();

        // When
        List<String> read = new ArrayList<>();
        try (LakeScan scan = scan(lake, stream, LakeFixture.NAMES, 100, 500)) {
            for (Rows rows = scan.next(7); !rows.isEmpty(); rows = scan.next(1 + random.nextInt(40))) {
                read.addAll(text(rows));
            }
        }

        // Then
        assertThat(read)
                .isEqualTo(text(all.build()).stream()
                        .filter(row -> offset(row) >= 100 && offset(row) < 500)
                        .toList());
    }

    @Test
    void a_file_without_a_column_has_nulls_there_and_a_narrower_one_is_widened() throws Exception {
        // Given
        Stream stream = LakeFixture.stream(Stream.PartitionBy.NONE, 1_000_000);
        LakeFixture lake = new LakeFixture(location);
        LakeWriter writer = lake.open(stream);
        Shape before = ColumnRows.shape(ColumnRows.column("a", ColumnType.Kind.INT));
        Shape after = ColumnRows.shape(
                ColumnRows.column("a", ColumnType.Kind.LONG), ColumnRows.column("b", ColumnType.Kind.STRING));
        writer.take(
                new ColumnRows(stream, before, 0).add(0, 1, 7L).delete(1, 1, 8L).build(), 2);
        writer.roll();
        writer.take(new ColumnRows(stream, after, 0).add(2, 1, 9L, "x").build(), 3);
        writer.roll();

        // When
        Rows read = scan(lake, stream, after, 0, 3).next(10);

        // Then
        assertThat(text(read)).containsExactly("0 1 false 7,null", "1 1 true 8,null", "2 1 false 9,x");
    }

    @Test
    void rows_below_an_offset_leave_the_others_for_later() throws Exception {
        Stream stream = new StreamFixture("rides", "taxi.rides")
                .lake(LakeFixture.stream(Stream.PartitionBy.DAY, 10).lake().orElseThrow())
                .build();
        LakeFixture lake = new LakeFixture(location);
        LakeWriter writer = lake.open(stream);
        writer.take(LakeFixture.events(stream, 0, 100), 100);
        writer.roll();
        try (LakeScan scan = scan(lake, stream, LakeFixture.NAMES, 0, 100)) {
            assertThat(scan.below(30).size()).isEqualTo(30);
            assertThat(scan.below(30).size()).isZero();
            assertThat(scan.next(1000).offset(0)).isEqualTo(30);
        }
    }

    private static LakeScan scan(LakeFixture lake, Stream stream, Shape shape, long from, long to) {
        List<ManifestEntry> files = lake.manifest.entries.stream()
                .filter(file -> file.lastOffset() >= from && file.firstOffset() < to)
                .sorted(Comparator.comparingLong(ManifestEntry::firstOffset))
                .toList();
        return new LakeScan(stream, 0, shape, from, to, lake.folder, files);
    }

    private static long offset(String row) {
        return Long.parseLong(row.substring(0, row.indexOf(' ')));
    }

    private static List<String> text(Rows rows) {
        List<String> all = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            List<String> values = new ArrayList<>();
            for (int column = 0; column < rows.shape().size(); column++) {
                Object value = rows.vector(column).valueAt(row);
                values.add(text(value));
            }
            all.add(rows.offset(row) + " " + rows.timestamp(row) + " " + rows.isDelete(row) + " "
                    + String.join(",", values));
        }
        return all;
    }

    private static String text(Object value) {
        return switch (value) {
            case byte[] bytes -> Arrays.toString(bytes);
            case List<?> elements ->
                elements.stream().map(LakeScanTest::text).toList().toString();
            case Map<?, ?> map -> {
                TreeMap<String, String> sorted = new TreeMap<>();
                map.forEach((key, v) -> sorted.put(key.toString(), text(v)));
                yield sorted.toString();
            }
            case ColumnType.Branch branch -> branch.name() + ":" + text(branch.value());
            case null, default -> Objects.toString(value);
        };
    }
}
