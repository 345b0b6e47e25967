package dev.leat.lake.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.lake.manifest.LakeInterrupted;
import dev.leat.lake.manifest.Manifest;
import dev.leat.lake.manifest.ManifestEntry;
import dev.leat.lake.manifest.MemoryManifest;
import dev.leat.lake.manifest.Ownership;
import dev.leat.lake.manifest.ResilientManifest;
import dev.leat.lake.parquet.Compression;
import dev.leat.lake.parquet.FileFormat;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.Stream.PartitionBy;
import dev.leat.pipeline.StreamFixture;
import dev.leat.schema.types.ColumnRows;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LakeWriterTest {

    private static final Stream DAILY = LakeFixture.stream(PartitionBy.DAY, 1_000);
    private static final Stream FLAT = LakeFixture.stream(PartitionBy.NONE, 1_000);

    private static final List<Kind> SIMPLE = List.of(
            Kind.BOOLEAN,
            Kind.INT,
            Kind.LONG,
            Kind.FLOAT,
            Kind.DOUBLE,
            Kind.STRING,
            Kind.BYTES,
            Kind.DATE,
            Kind.TIME,
            Kind.TIMESTAMP,
            Kind.LOCAL_TIMESTAMP,
            Kind.DECIMAL,
            Kind.UUID,
            Kind.JSON);

    @TempDir
    Path location;

    private LakeFixture lake;

    @BeforeEach
    void begin() {
        lake = new LakeFixture(location);
    }

    @Test
    void a_file_holds_the_rows_of_a_day_and_is_named_by_where_its_range_starts() throws Exception {
        LakeWriter writer = lake.open(DAILY);
        writer.take(LakeFixture.events(DAILY, 20, 28), 30);
        writer.roll();
        assertThat(lake.files())
                .containsExactly(
                        "rides/day=1970-01-01/p0-00000000000000000000-e1.parquet",
                        "rides/day=1970-01-02/p0-00000000000000000000-e1.parquet");
        assertThat(lake.names()).isEqualTo("e20|e21|e22|e23|e24|e25|e26|e27");
        assertThat(lake.manifest.entries)
                .extracting(ManifestEntry::firstOffset, ManifestEntry::lastOffset, ManifestEntry::rows)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(20L, 23L, 4L),
                        org.assertj.core.groups.Tuple.tuple(24L, 27L, 4L));
        assertThat(writer.nextOffset()).isEqualTo(30);
        assertThat(lake.manifest.checkpoint).isEqualTo(30);
    }

    @Test
    void rows_that_were_taken_before_are_dropped() throws Exception {
        LakeWriter writer = lake.open(FLAT);
        writer.take(LakeFixture.events(FLAT, 0, 3), 3);
        writer.take(LakeFixture.events(FLAT, 1, 5), 5);
        writer.roll();
        assertThat(lake.names()).isEqualTo("e0|e1|e2|e3|e4");
    }

    @Test
    void a_file_is_closed_at_its_rows_in_the_middle_of_a_batch() throws Exception {
        Stream stream = LakeFixture.stream(PartitionBy.NONE, 4);
        LakeWriter writer = lake.open(stream);
        writer.take(LakeFixture.events(stream, 0, 10), 10);
        assertThat(lake.manifest.entries).extracting(ManifestEntry::rows).containsExactly(4L, 4L);
        assertThat(writer.nextOffset()).isEqualTo(8);
    }

    @Test
    void columns_end_together_at_each_page_and_row_group_however_the_batches_fall() throws Exception {
        // Given
        Stream stream = LakeFixture.stream(PartitionBy.NONE, 1_000_000);
        lake.format = new FileFormat(Compression.ZSTD, 3, 200_000);
        Shape shape = ColumnRows.shape(
                ColumnRows.column("name", Kind.STRING),
                ColumnRows.column("seldom", Kind.LONG),
                ColumnRows.column("share", Kind.DOUBLE));
        LakeWriter writer = lake.open(stream);
        Random random = new Random(7);

        // When
        int next = 0;
        while (next < 60_000) {
            ColumnRows rows = new ColumnRows(stream, shape, 0);
            int end = next + 1 + random.nextInt(random.nextBoolean() ? 50 : 3_000);
            for (; next < end; next++) {
                rows.add(next, 0, "e" + next, next % 1_000 == 0 ? (long) next : null, next / 4.0);
            }
            writer.take(rows.build(), next);
        }
        writer.roll();

        // Then
        assertThat(lake.query("SELECT count(*) || ' of ' || count(DISTINCT _offset) || ', ' || count(seldom) FROM LAKE"
                        + " WHERE name = 'e' || _offset AND share = _offset / 4"
                        + " AND seldom IS NOT DISTINCT FROM CASE WHEN _offset % 1000 = 0 THEN _offset END"))
                .containsExactly(next + " of " + next + ", " + ((next - 1) / 1_000 + 1));
        String chunks = "parquet_metadata('"
                + location.resolve(lake.manifest.entries.getFirst().path()) + "')";
        assertThat(lake.query("SELECT count(DISTINCT row_group_id) > 3 FROM " + chunks))
                .containsExactly("true");
        assertThat(lake.query("SELECT count(*) FROM " + chunks + " WHERE num_values <> row_group_num_rows"))
                .containsExactly("0");
    }

    @Test
    void a_range_is_closed_when_it_is_old_even_if_it_has_no_rows() throws Exception {
        LakeWriter writer = lake.open(FLAT);
        writer.take(LakeFixture.none(FLAT), 7);
        writer.rollIfDue();
        assertThat(writer.nextOffset()).isZero();
        lake.clock.now = lake.clock.now.plus(Duration.ofMinutes(5));
        writer.rollIfDue();
        assertThat(writer.nextOffset()).isEqualTo(7);
        assertThat(lake.files()).isEmpty();
    }

    @Test
    void ranges_of_partitions_that_began_together_are_closed_by_turns_and_none_is_older_than_may_be() throws Exception {
        Instant begin = lake.clock.now;
        List<Instant> closed = new ArrayList<>();
        for (int partition = 0; partition < 6; partition++) {
            lake.clock.now = begin;
            LakeWriter writer = lake.writer(new Ownership(FLAT, partition, 1, 0));
            writer.take(LakeFixture.none(FLAT), 7);
            closed.add(begin.plus(writer.untilDue().orElseThrow()));
        }
        assertThat(closed)
                .allMatch(at -> at.isAfter(begin)
                        && !at.isAfter(begin.plus(FLAT.lake().orElseThrow().every())));
        closed.sort(null);
        for (int i = 1; i < closed.size(); i++) {
            assertThat(Duration.between(closed.get(i - 1), closed.get(i))).isGreaterThan(Duration.ofSeconds(20));
        }
    }

    @Test
    void a_range_that_may_not_age_is_closed_with_its_batch() throws Exception {
        Stream stream = new StreamFixture("rides", "taxi.rides")
                .lake(new Stream.Lake(PartitionBy.NONE, 1_000, 256L << 20, Duration.ZERO))
                .build();
        LakeWriter writer = lake.open(stream);
        writer.take(LakeFixture.events(stream, 0, 3), 3);
        assertThat(writer.nextOffset()).isEqualTo(3);
    }

    @Test
    void all_files_are_closed_when_one_more_day_is_needed_than_may_be_open() throws Exception {
        lake.openFiles = 2;
        LakeWriter writer = lake.open(DAILY);
        writer.take(LakeFixture.events(DAILY, 0, 72), 72);
        assertThat(lake.manifest.entries).hasSize(2);
        assertThat(writer.nextOffset()).isEqualTo(48);
    }

    @Test
    void dead_letters_before_the_first_row_do_not_matter() throws Exception {
        LakeWriter writer = lake.open(FLAT);
        writer.take(LakeFixture.none(FLAT), 2);
        writer.take(LakeFixture.events(FLAT, 2, 4), 4);
        writer.roll();
        assertThat(lake.names()).isEqualTo("e2|e3");
    }

    @Test
    void versions_that_come_in_turns_cut_one_file_not_one_each() throws Exception {
        Shape wider = ColumnRows.shape(ColumnRows.column("name", Kind.STRING), ColumnRows.column("seats", Kind.INT));
        LakeWriter writer = lake.open(FLAT);
        for (long offset = 0; offset < 10; offset++) {
            Rows rows = offset % 2 == 0
                    ? LakeFixture.events(FLAT, offset, offset + 1)
                    : new ColumnRows(FLAT, wider, 0)
                            .add(offset, 0, "e" + offset, offset)
                            .build();
            writer.take(rows, offset + 1);
        }
        writer.roll();
        assertThat(lake.manifest.entries).extracting(ManifestEntry::rows).containsExactly(1L, 9L);
        assertThat(lake.query("SELECT string_agg(coalesce(seats::text, '-'), '' ORDER BY _offset) FROM LAKE"))
                .containsExactly("-1-3-5-7-9");
    }

    @Test
    void a_time_that_is_no_day_of_a_calendar_has_a_folder_of_its_own() throws Exception {
        LakeWriter writer = lake.open(DAILY);
        writer.take(
                new ColumnRows(DAILY, LakeFixture.NAMES, 0)
                        .add(0, Long.MAX_VALUE / 1000, "far")
                        .build(),
                1);
        writer.roll();
        assertThat(lake.files())
                .containsExactly("rides/day=__HIVE_DEFAULT_PARTITION__/p0-00000000000000000000-e1.parquet");
        assertThat(lake.manifest.entries.getFirst().day()).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void every_kind_of_value_is_read_back_by_duckdb(Compression compression) throws Exception {
        lake.format = new FileFormat(compression, 3, 1 << 20);
        List<dev.leat.schema.types.Column> columns = new ArrayList<>();
        for (Kind kind : SIMPLE) {
            columns.add(LakeFixture.column(
                    "c_" + kind.name().toLowerCase(),
                    kind == Kind.DECIMAL ? ColumnType.decimal(10, 2) : ColumnType.of(kind)));
        }
        columns.add(LakeFixture.column("wide", ColumnType.decimal(50, 1)));
        Shape shape = new Shape(columns);
        Object[] values = {
            1L,
            2L,
            3L,
            1.5,
            2.5,
            "text",
            new byte[] {1, 2},
            1L,
            1_000_000L,
            1_000_000L,
            2_000_000L,
            new BigDecimal("-12.34"),
            UUID.fromString("00000000-0000-0000-0000-000000000001"),
            "{\"a\":1}",
            new BigDecimal("12345678901234567890123456789012345678901234.5")
        };
        LakeWriter writer = lake.open(FLAT);
        writer.take(
                new ColumnRows(FLAT, shape, 0)
                        .add(0, 5, values)
                        .delete(1, 6, new Object[values.length])
                        .build(),
                2);
        writer.roll();
        assertThat(
                        lake.query(
                                "SELECT concat_ws(' ', c_boolean, c_int, c_long, c_float, c_double, c_string,"
                                        + " hex(c_bytes), c_date, c_time, epoch_us(c_timestamp), c_local_timestamp, c_decimal, c_uuid,"
                                        + " c_json, wide, _partition, _offset, epoch_ms(_timestamp), _deleted) FROM LAKE ORDER BY _offset"))
                .containsExactly(
                        "true 2 3 1.5 2.5 text 0102 1970-01-02 00:00:01+00 1000000 1970-01-01 00:00:02 -12.34"
                                + " 00000000-0000-0000-0000-000000000001 {\"a\":1}"
                                + " 12345678901234567890123456789012345678901234.5 0 0 5 false",
                        "0 1 6 true");
        assertThat(lake.query(
                        "SELECT DISTINCT compression FROM " + "parquet_metadata('" + location + "/rides/*.parquet')"))
                .containsExactly(compression.parquet().name());
    }

    @Test
    void what_a_crash_before_the_name_left_is_swept_and_written_anew() throws Exception {
        LakeWriter writer = lake.open(DAILY);
        writer.take(LakeFixture.events(DAILY, 0, 30), 30);
        assertThat(lake.files()).allMatch(name -> name.endsWith(".tmp")).hasSize(2);
        writer = lake.open(DAILY);
        assertThat(lake.files()).isEmpty();
        writer.take(LakeFixture.events(DAILY, 0, 30), 30);
        writer.roll();
        assertThat(lake.query("SELECT count(DISTINCT name) || '/' || count(*) FROM LAKE"))
                .containsExactly("30/30");
    }

    @Test
    void what_a_crash_between_file_and_manifest_left_is_swept_and_written_anew() throws Exception {
        LakeWriter crashing = lake.open(FLAT);
        crashing.take(LakeFixture.events(FLAT, 0, 3), 3);
        lake.manifest.crashBeforeCommit = true;
        assertThatThrownBy(crashing::roll).isInstanceOf(MemoryManifest.Crash.class);
        assertThat(lake.files()).hasSize(1);
        lake.manifest.crashBeforeCommit = false;
        LakeWriter writer = lake.open(FLAT);
        assertThat(lake.files()).isEmpty();
        writer.take(LakeFixture.events(FLAT, 0, 4), 4);
        writer.roll();
        assertThat(lake.names()).isEqualTo("e0|e1|e2|e3");
    }

    @Test
    void what_was_committed_before_a_crash_is_not_written_again() throws Exception {
        LakeWriter crashing = lake.open(FLAT);
        crashing.take(LakeFixture.events(FLAT, 0, 3), 3);
        lake.manifest.crashAfterCommit = true;
        assertThatThrownBy(crashing::roll).isInstanceOf(MemoryManifest.Crash.class);
        lake.manifest.crashAfterCommit = false;
        LakeWriter writer = lake.open(FLAT);
        writer.take(LakeFixture.events(FLAT, 0, 5), 5);
        writer.roll();
        assertThat(lake.names()).isEqualTo("e0|e1|e2|e3|e4");
    }

    @Test
    void a_commit_whose_answer_was_lost_is_asked_for_again_and_counts_once() throws Exception {
        Ownership owner = lake.manifest.own(FLAT, 0, 0);
        Manifest resilient = new ResilientManifest(
                lake.manifest, Duration.ofMillis(1), Duration.ofMillis(1), new CompletableFuture<>());
        lake.manifest.answersToLose = 1;
        assertThat(resilient.commit(owner, 0, 3, List.of(new ManifestEntry("rides/x", null, 0, 2, 3, 10))))
                .isEqualTo(Manifest.Verdict.COMMITTED);
        assertThat(lake.manifest.entries).hasSize(1);
        assertThat(lake.manifest.commits).isEqualTo(2);
    }

    @Test
    void an_owner_who_was_overtaken_is_interrupted_and_takes_his_files_with_him() throws Exception {
        LakeWriter overtaken = lake.open(FLAT);
        overtaken.take(LakeFixture.events(FLAT, 0, 3), 3);
        LakeWriter owner = lake.open(FLAT);
        owner.take(LakeFixture.events(FLAT, 0, 2), 2);
        owner.roll();
        // His temporary was swept, so he writes another.
        assertThatThrownBy(overtaken::roll).isInstanceOf(IOException.class);
        LakeWriter second = lake.writer(new Ownership(FLAT, 0, 1, 0));
        second.take(LakeFixture.events(FLAT, 0, 3), 3);
        assertThatThrownBy(second::roll)
                .isInstanceOf(LakeInterrupted.class)
                .hasMessage("The lake of stream 'rides', partition 0, is interrupted: another instance owns it now");
        assertThat(lake.files()).containsExactly("rides/p0-00000000000000000000-e2.parquet");
        assertThat(lake.names()).isEqualTo("e0|e1");
    }

    @RepeatedTest(10)
    void any_sequence_of_batches_and_crashes_leaves_every_row_exactly_once() throws Exception {
        long seed = Long.getLong("leat.seed", System.nanoTime());
        System.out.println("-Dleat.seed=" + seed);
        Random random = new Random(seed);
        Stream stream = LakeFixture.stream(PartitionBy.DAY, 40);
        lake.openFiles = 3;
        LakeWriter writer = lake.open(stream);
        long next = 0;
        for (int step = 0; step < 80; step++) {
            try {
                lake.manifest.crashBeforeCommit = random.nextInt(6) == 0;
                lake.manifest.crashAfterCommit = random.nextInt(6) == 0;
                long to = next + 1 + random.nextInt(30);
                writer.take(LakeFixture.events(stream, next, to), to);
                next = to;
                if (random.nextInt(8) == 0) {
                    throw new MemoryManifest.Crash();
                }
            } catch (MemoryManifest.Crash e) {
                writer = lake.open(stream);
                next = Math.max(0, writer.nextOffset() - random.nextInt(5));
            }
        }
        lake.manifest.crashBeforeCommit = false;
        lake.manifest.crashAfterCommit = false;
        // The last crash may have set the reader back behind what counts already.
        long last = Math.max(next, writer.nextOffset());
        writer.roll();
        assertThat(lake.names())
                .as("seed %d", seed)
                .isEqualTo(IntStream.range(0, (int) last).mapToObj(i -> "e" + i).collect(Collectors.joining("|")));
        assertThat(lake.manifest.checkpoint).isEqualTo(last);
        assertThat(lake.files())
                .containsExactlyInAnyOrderElementsOf(
                        lake.manifest.entries.stream().map(ManifestEntry::path).toList());
    }
}
