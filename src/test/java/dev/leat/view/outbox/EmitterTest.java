package dev.leat.view.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.pipeline.View.Emit;
import dev.leat.pipeline.View.ToTopic;
import dev.leat.schema.emit.EmittedContractsFixture;
import dev.leat.schema.emit.UnencodableValue;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.view.lane.ViewsFixture;
import dev.leat.view.outbox.Emitter.Emitted;
import dev.leat.view.writer.RowRefusal;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of a real Postgres, as events in the outbox, read back with Avro's own reader. */
class EmitterTest {

    private static final OffsetDateTime AT = OffsetDateTime.parse("2026-01-31T10:00:00Z");
    private static final EventOrigin FIRST = new EventOrigin("rides", 0, 7L, AT);
    private static final EventOrigin SECOND = new EventOrigin("rides", 0, 8L, AT);

    @TempDir
    Path folder;

    private final ViewsFixture database = new ViewsFixture();
    private final Outbox outbox = new Outbox();
    private final Emitters emitters = new Emitters(EmittedContractsFixture.inMemory(), outbox);

    @AfterEach
    void close() {
        database.close();
    }

    /** A type, a value of it in SQL, and what Avro's reader says of it. */
    private record Sample(ColumnType type, String sql, String avro) {}

    private static Sample sample(Kind kind, String sql, String avro) {
        return new Sample(ColumnType.of(kind), sql, avro);
    }

    private static final List<Sample> SAMPLES = List.of(
            sample(Kind.BOOLEAN, "true", "true"),
            sample(Kind.INT, "-2147483648", "-2147483648"),
            sample(Kind.LONG, "9223372036854775807", "9223372036854775807"),
            sample(Kind.FLOAT, "1.5::real", "1.5"),
            sample(Kind.DOUBLE, "'NaN'::float8", "NaN"),
            sample(Kind.STRING, "'é'", "é"),
            sample(Kind.BYTES, "'\\x00ff'::bytea", "00ff"),
            sample(Kind.DATE, "'1969-12-31'::date", "-1"),
            sample(Kind.TIME, "'23:59:59.999999'::time", "86399999999"),
            sample(Kind.TIMESTAMP, "'1969-12-31T23:59:59.999999Z'::timestamptz", "-1"),
            sample(Kind.TIMESTAMP_NANOS, "-1::bigint", "-1"),
            sample(Kind.LOCAL_TIMESTAMP, "'1970-01-01T00:00:00.000001'::timestamp", "1"),
            sample(Kind.LOCAL_TIMESTAMP_NANOS, "5::bigint", "5"),
            sample(Kind.DECIMAL, "12345678901234567890.50::numeric", "12345678901234567890.50"),
            new Sample(ColumnType.decimal(9, 2), "-0.05::numeric(9,2)", "fb"),
            sample(Kind.UUID, "'123e4567-e89b-12d3-a456-426614174000'::uuid", "123e4567-e89b-12d3-a456-426614174000"),
            sample(Kind.DURATION, "'45 days 1 hour'::interval", "45 days 01:00:00"),
            new Sample(ColumnType.arrayOf(ColumnType.of(Kind.LONG)), "ARRAY[1, NULL, 3]::bigint[]", "[1, null, 3]"),
            new Sample(ColumnType.arrayOf(ColumnType.of(Kind.DATE)), "ARRAY['1970-01-02'::date]", "[1]"),
            new Sample(ColumnType.arrayOf(ColumnType.of(Kind.JSON)), "ARRAY['{\"a\": 1}'::jsonb]", "[{\"a\": 1}]"),
            new Sample(ColumnType.mapOf(ColumnType.of(Kind.INT)), "'{\"a\": 1}'::jsonb", "{\"a\": 1}"),
            new Sample(ColumnType.union(List.of()), "'{\"int\": 1}'::jsonb", "{\"int\": 1}"),
            sample(Kind.JSON, "'null'::jsonb", "null"));

    @Test
    void each_kind_of_column_is_written_and_null_is_too() {
        // Given
        List<Column> columns = new ArrayList<>();
        StringBuilder values = new StringBuilder();
        for (int i = 0; i < SAMPLES.size(); i++) {
            columns.add(new Column("c" + i, SAMPLES.get(i).type(), false, ""));
            values.append(i == 0 ? "" : ", ")
                    .append(SAMPLES.get(i).sql())
                    .append(" AS c")
                    .append(i);
        }
        String selected = Emitter.selected(columns);
        assertThat(SAMPLES.stream()
                        .map(s -> s.type().kind())
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Kind.class))))
                .describedAs("kinds with a sample")
                .isEqualTo(EnumSet.allOf(Kind.class));

        // When
        emit(
                columns,
                List.of(),
                "SELECT " + selected + " FROM (SELECT " + values + ") v UNION ALL SELECT "
                        + String.join(", ", Collections.nCopies(selectedColumns(columns), "NULL")));

        // Then
        List<GenericRecord> read = read(schema(columns));
        for (int i = 0; i < SAMPLES.size(); i++) {
            assertThat(text(read.getFirst().get(i)))
                    .describedAs(SAMPLES.get(i).sql())
                    .isEqualTo(SAMPLES.get(i).avro());
            assertThat(read.getLast().get(i)).isNull();
        }
    }

    @Test
    void rows_are_numbered_within_their_source_and_keyed_by_their_columns() {
        // Given
        List<Column> columns = List.of(column("id", Kind.STRING), column("at", Kind.TIMESTAMP));
        Emitter one = emitter(columns, List.of("id"));
        Emitter two = emitter(columns, List.of("id", "at"));
        AtomicInteger woken = new AtomicInteger();
        outbox.onCommit(woken::incrementAndGet);

        // When
        database.inTransaction(tx -> {
            List<Row> rows = rows(
                    tx,
                    "SELECT id, '2026-01-31T10:00:00Z'::timestamptz AS at FROM" + " unnest(ARRAY['a', 'b', 'c']) id");
            one.emitInTransaction(
                    tx,
                    List.of(
                            new Emitted(rows.get(0), FIRST, false),
                            new Emitted(rows.get(1), FIRST, true),
                            new Emitted(rows.get(2), SECOND, false)));
            two.emitInTransaction(tx, List.of(new Emitted(rows.get(0), EventOrigin.closing(AT), false)));
            assertThat(woken).hasValue(0);
            return null;
        });

        // Then
        assertThat(database.rows("SELECT convert_from(key, 'UTF8'), value IS NULL, source_offset, row FROM leat.outbox"
                        + " ORDER BY id"))
                .containsExactly(
                        List.of("a", false, 7L, 0),
                        List.of("b", true, 7L, 1),
                        List.of("c", false, 8L, 0),
                        Arrays.asList("{\"id\":\"a\",\"at\":\"2026-01-31T10:00:00Z\"}", false, null, 0));
        assertThat(woken).hasValue(1);
    }

    @Test
    void what_is_rolled_back_was_never_emitted() {
        List<Column> columns = List.of(column("id", Kind.STRING));
        AtomicInteger woken = new AtomicInteger();
        outbox.onCommit(woken::incrementAndGet);
        Emitter emitter = emitter(columns, List.of("id"));

        assertThatThrownBy(() -> database.inTransaction(tx -> {
                    emitter.emitInTransaction(
                            tx, List.of(new Emitted(rows(tx, "SELECT 'a' AS id").getFirst(), FIRST, false)));
                    throw new IllegalStateException("crash");
                }))
                .hasMessage("crash");

        assertThat(database.rows("SELECT count(*) FROM leat.outbox")).containsExactly(List.of(0L));
        assertThat(woken).hasValue(0);
    }

    @Test
    void a_declared_contract_is_written_with_its_own_types_and_defaults() throws IOException {
        // Given
        Path contract = Files.writeString(folder.resolve("old.avsc"), """
                {"type": "record", "name": "t.Old", "fields": [
                  {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
                  {"name": "amount", "type": {"type": "fixed", "name": "t.A", "size": 8, "logicalType": "decimal",
                    "precision": 9, "scale": 2}},
                  {"name": "kind", "type": {"type": "enum", "name": "t.K", "symbols": ["A", "B"]}},
                  {"name": "source", "type": "string", "default": "old"}]}""");
        List<Column> columns =
                List.of(column("kind", Kind.STRING), column("amount", Kind.DECIMAL), column("at", Kind.TIMESTAMP));
        Emitter emitter = emitters.emitter(
                "v",
                List.of("s"),
                new ToTopic("t", Optional.of(contract.toString()), Emit.CHANGES),
                columns,
                List.of());

        // When
        emit(emitter, "SELECT 'B', 12.5::numeric, '1970-01-01T00:00:01.234999Z'::timestamptz");

        // Then
        GenericRecord read = read(new Schema.Parser().parse(contract.toFile())).getFirst();
        assertThat(read.get("at")).isEqualTo(1234L);
        assertThat(text(read.get("amount"))).isEqualTo("[0, 0, 0, 0, 0, 0, 4, -30]");
        assertThat(text(read.get("kind"))).isEqualTo("B");
        assertThat(text(read.get("source"))).isEqualTo("old");
        assertThatThrownBy(() -> emit(emitter, "SELECT 'C', 1::numeric, now()"))
                .isInstanceOf(UnencodableValue.class)
                .hasMessage("field kind can't hold a value of the row: the enum t.K has no such symbol");
        assertThatThrownBy(() -> emit(emitter, "SELECT 'B', 1.005::numeric, now()"))
                .isInstanceOf(UnencodableValue.class)
                .hasMessageStartingWith("field amount can't hold a value of the row: ");
        assertThatThrownBy(() -> emit(emitter, "SELECT 'B', 1::numeric, NULL::timestamptz"))
                .isInstanceOf(UnencodableValue.class)
                .hasMessage(
                        "field at can't hold a value of the row: null, and the contract says that there is always one");
        assertThatThrownBy(() -> emit(emitter, "SELECT 'B', 1::numeric, 'infinity'::timestamptz"))
                .isInstanceOf(UnencodableValue.class)
                .hasMessageStartingWith("field at can't hold a value of the row: ");
    }

    @Test
    void whatever_keeps_a_row_from_being_written_is_a_fault_of_that_row_alone() {
        Emitter emitter = emitter(List.of(column("n", Kind.LONG)), List.of());

        assertThatThrownBy(() -> emit(emitter, "SELECT 'x'::text"))
                .isInstanceOf(UnencodableValue.class)
                .hasMessageStartingWith("field n can't hold a value of the row: ")
                .satisfies(failure -> assertThat(RowRefusal.of(failure)).isPresent());
    }

    /** Postgres has one type for arrays of any depth. */
    @Test
    void arrays_of_arrays_are_written_where_the_contract_has_them() throws IOException {
        // Given
        Path file = Files.writeString(folder.resolve("nested.avsc"), """
                {"type": "record", "name": "N", "fields": [
                  {"name": "a", "type": {"type": "array", "items": {"type": "array", "items": ["null", "int"]}}},
                  {"name": "b", "type": ["null", {"type": "array", "items": "string"}]}]}""");
        List<Column> columns = List.of(
                new Column("a", ColumnType.arrayOf(ColumnType.of(Kind.INT)), false, ""),
                new Column("b", ColumnType.arrayOf(ColumnType.of(Kind.STRING)), false, ""));
        Emitter emitter = emitters.emitter(
                "v", List.of("s"), new ToTopic("t", Optional.of(file.toString()), Emit.CHANGES), columns, List.of());

        // When
        emit(
                emitter,
                "SELECT " + Emitter.selected(columns)
                        + " FROM (SELECT ARRAY[ARRAY[1, NULL], ARRAY[3, 4]] AS a, ARRAY['x'] AS b) v");

        // Then
        Schema contract = new Schema.Parser().parse(file.toFile());
        assertThat(read(contract))
                .extracting(String::valueOf)
                .containsExactly("{\"a\": [[1, null], [3, 4]], \"b\": [\"x\"]}");
    }

    @Test
    void an_array_of_arrays_is_refused_where_the_contract_has_no_place_for_it() {
        List<Column> columns = List.of(new Column("a", ColumnType.arrayOf(ColumnType.of(Kind.INT)), false, ""));
        Emitter emitter = emitter(columns, List.of());

        assertThatThrownBy(() -> emit(
                        emitter,
                        "SELECT " + Emitter.selected(columns) + " FROM (SELECT ARRAY[ARRAY[1], ARRAY[2]] AS a) v"))
                .isInstanceOf(UnencodableValue.class)
                .hasMessage(
                        "field a can't hold a value of the row: an array of arrays, and the contract has an array of int;"
                                + " emit it by a `contract:` that has arrays of arrays, or as to_jsonb(…)");
    }

    private static int selectedColumns(List<Column> columns) {
        return columns.size()
                + (int) columns.stream()
                        .filter(c -> c.type().kind() == Kind.ARRAY)
                        .count();
    }

    private Emitter emitter(List<Column> columns, List<String> keys) {
        return emitters.emitter("v", List.of("s"), new ToTopic("t", Optional.empty(), Emit.CHANGES), columns, keys);
    }

    private static Schema schema(List<Column> columns) {
        return EmittedContractsFixture.inMemory()
                .derive("v", "t", "doc", columns)
                .schema();
    }

    private void emit(List<Column> columns, List<String> keys, String sql) {
        emit(emitter(columns, keys), sql);
    }

    private void emit(Emitter emitter, String sql) {
        database.inTransaction(tx -> {
            emitter.emitInTransaction(
                    tx,
                    rows(tx, sql).stream()
                            .map(row -> new Emitted(row, FIRST, false))
                            .toList());
            return null;
        });
    }

    private static List<Row> rows(dev.leat.postgres.Tx tx, String sql) {
        List<Row> rows = new ArrayList<>();
        tx.execute(sql, Tuple.tuple()).forEach(rows::add);
        return rows;
    }

    private List<GenericRecord> read(Schema schema) {
        return database.inTransaction(tx -> outbox.nextInTransaction(tx, Set.of())).stream()
                .map(event -> read(schema, event.value()))
                .toList();
    }

    private static GenericRecord read(Schema schema, byte[] framed) {
        assertThat(framed).startsWith(0, 0, 0, 0, 1);
        try {
            return new GenericDatumReader<GenericRecord>(schema)
                    .read(null, DecoderFactory.get().binaryDecoder(framed, 5, framed.length - 5, null));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Object value) {
        return value instanceof ByteBuffer bytes
                ? java.util.HexFormat.of().formatHex(bytes.array())
                : String.valueOf(value);
    }

    private static Column column(String name, Kind kind) {
        return new Column(name, ColumnType.of(kind), false, "");
    }
}
