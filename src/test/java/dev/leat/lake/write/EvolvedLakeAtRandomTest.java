package dev.leat.lake.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.Seeds;
import dev.leat.pipeline.Stream;
import dev.leat.schema.topic.AvroRows;
import dev.leat.schema.types.Rows;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.LongStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random contracts that evolve as Leat allows it, a file for each version and one for all of them by turns: each event is in
 * a file, and DuckDB reads all files together.
 */
class EvolvedLakeAtRandomTest {

    private static final Stream STREAM = LakeFixture.stream(Stream.PartitionBy.NONE, 1_000);
    private static final int VERSIONS = 5;

    /** Each list widens from left to right. */
    private static final List<List<String>> NUMBERS = List.of(
            List.of("\"int\"", "\"long\"", "\"double\""),
            List.of("\"int\"", "\"float\"", "\"double\""),
            List.of("\"long\"", "\"double\""),
            List.of("\"string\"", "\"bytes\""),
            List.of("\"bytes\"", "\"string\""),
            List.of("\"boolean\""),
            List.of("{\"type\": \"int\", \"logicalType\": \"date\"}"),
            List.of("{\"type\": \"string\", \"logicalType\": \"uuid\"}"),
            List.of("{\"type\": \"long\", \"logicalType\": \"time-micros\"}"),
            List.of(
                    "{\"type\": \"long\", \"logicalType\": \"timestamp-millis\"}",
                    "{\"type\": \"long\", \"logicalType\": \"timestamp-micros\"}"),
            List.of("{\"type\": \"long\", \"logicalType\": \"timestamp-nanos\"}"),
            List.of("{\"type\": \"long\", \"logicalType\": \"local-timestamp-micros\"}"),
            List.of(
                    "{\"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": 6, \"scale\": 2}",
                    "{\"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": 12, \"scale\": 4}",
                    "{\"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": 38, \"scale\": 6}",
                    "{\"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": 60, \"scale\": 6}"));

    private static final List<String> OTHER_VALUES = List.of(
            "[%s, {\"type\": \"enum\", \"name\": \"E\", \"symbols\": [\"X\"]}]",
            "{\"type\": \"array\", \"items\": %s}",
            "{\"type\": \"map\", \"values\": %s}",
            "{\"type\": \"record\", \"name\": \"R\", \"fields\": [{\"name\": \"x\", \"type\": %s}]}");

    @TempDir
    Path location;

    static LongStream seeds() {
        long first = Seeds.each().findFirst().orElseThrow();
        return LongStream.range(first, first + Seeds.runs(40));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void each_event_is_in_a_file_and_all_files_are_read_together(long seed) throws Exception {
        Random random = new Random(seed);
        LakeFixture lake = new LakeFixture(location.resolve(Long.toString(seed)));
        LakeWriter writer = lake.open(STREAM);
        AvroRows events = new AvroRows(STREAM);
        Map<String, List<String>> chains = chains(random);
        List<Schema> versions = new ArrayList<>();
        for (int version = 0; version < VERSIONS; version++) {
            versions.add(contract(chains, version, random));
        }

        // When each version has a file, and then all come by turns, as an old producer beside a new one
        long next = 0;
        for (Schema version : versions) {
            Rows rows = events.rows(record(version, random), record(version, random));
            next += rows.size();
            writer.take(rows, next);
            writer.roll();
        }
        for (int i = 0; i < VERSIONS; i++) {
            Rows rows = events.rows(record(versions.get(random.nextInt(VERSIONS)), random));
            next += rows.size();
            writer.take(rows, next);
        }
        writer.roll();

        // Then
        assertThat(lake.query("SELECT count(*) FROM LAKE"))
                .as(versions::toString)
                .containsExactly(Long.toString(next));
        assertThat(lake.manifest.entries).hasSizeGreaterThanOrEqualTo(VERSIONS);
        for (String column : columns(lake)) {
            assertThat(lake.query("SELECT CAST(\"" + column + "\" AS VARCHAR) FROM LAKE"))
                    .as("column %s of %s", column, versions)
                    .hasSize((int) next);
        }
    }

    @Test
    void branches_whose_names_differ_by_a_dot_alone_are_members_of_their_own() throws Exception {
        LakeFixture lake = new LakeFixture(location);
        LakeWriter writer = lake.open(STREAM);
        AvroRows events = new AvroRows(STREAM);
        String union = "[\"null\", " + enumeration("a.B_C") + ", " + enumeration("a_B.C") + "]";
        Schema schema = new Schema.Parser()
                .parse("{\"type\": \"record\", \"name\": \"Sample\", \"fields\": [{\"name\": \"v\", \"type\": " + union
                        + "}]}");
        List<Schema> branches = schema.getField("v").schema().getTypes();
        GenericRecord first = new GenericData.Record(schema);
        first.put("v", new GenericData.EnumSymbol(branches.get(1), "X"));
        GenericRecord second = new GenericData.Record(schema);
        second.put("v", new GenericData.EnumSymbol(branches.get(2), "Y"));

        writer.take(events.rows(first, second), 2);
        writer.roll();

        assertThat(lake.query("SELECT concat_ws('|', v.a_B_C, v.a_B_C_2) FROM LAKE ORDER BY _offset"))
                .containsExactly("X", "Y");
    }

    @Test
    void files_from_before_and_after_the_values_of_a_map_became_a_union_are_read_together() throws Exception {
        LakeFixture lake = new LakeFixture(location);
        LakeWriter writer = lake.open(STREAM);
        AvroRows events = new AvroRows(STREAM);
        writer.take(events.rows(map("\"int\"", 7)), 1);
        writer.roll();
        writer.take(events.rows(map("[\"int\", \"string\"]", "x"), map("\"int\"", 8)), 3);
        writer.roll();

        assertThat(lake.query("SELECT v['k'] FROM LAKE ORDER BY _offset"))
                .containsExactly("7", "{\"string\":\"x\"}", "8");
    }

    private static GenericRecord map(String values, Object value) {
        Schema schema = new Schema.Parser()
                .parse("{\"type\": \"record\", \"name\": \"Sample\", \"fields\": [{\"name\": \"v\", \"type\":"
                        + " {\"type\": \"map\", \"values\": " + values + "}}]}");
        GenericRecord record = new GenericData.Record(schema);
        record.put("v", Map.of("k", value));
        return record;
    }

    private static List<String> columns(LakeFixture lake) throws Exception {
        return lake.query("SELECT column_name FROM (DESCRIBE SELECT * FROM LAKE)");
    }

    /** By field, its type in each version that has it. */
    private static Map<String, List<String>> chains(Random random) {
        Map<String, List<String>> chains = new LinkedHashMap<>();
        int fields = 1 + random.nextInt(4);
        for (int i = 0; i < fields; i++) {
            chains.put("f" + i, chain(random, i));
        }
        return chains;
    }

    private static List<String> chain(Random random, int field) {
        return switch (random.nextInt(6)) {
            case 0 -> {
                // At last its values have no column's type of their own.
                List<String> maps = new ArrayList<>(simple(random));
                maps.add(OTHER_VALUES.get(random.nextInt(OTHER_VALUES.size())).formatted(maps.getLast()));
                yield wrapped(maps, "{\"type\": \"map\", \"values\": %s}");
            }
            case 1 -> wrapped(simple(random), "{\"type\": \"map\", \"values\": [\"null\", %s]}");
            case 2 -> wrapped(simple(random), "{\"type\": \"array\", \"items\": %s}");
            case 3 -> unions(random, field);
            case 4 -> wrapped(simple(random), "[\"null\", %s]");
            default -> simple(random);
        };
    }

    private static List<String> simple(Random random) {
        return NUMBERS.get(random.nextInt(NUMBERS.size()));
    }

    private static List<String> wrapped(List<String> types, String in) {
        return types.stream().map(in::formatted).toList();
    }

    /** Unions that get another branch with each version, among them types whose names are hard to tell apart. */
    private static List<String> unions(Random random, int field) {
        List<String> branches = new ArrayList<>(List.of(
                "\"int\"",
                "\"boolean\"",
                enumeration("a" + field + ".B_C"),
                enumeration("a" + field + "_B.C"),
                enumeration("a" + field + ".b_c"),
                enumeration("a" + field + "_B_C"),
                enumeration("int_" + field),
                "{\"type\": \"fixed\", \"name\": \"x" + field + ".F\", \"size\": 2}",
                "{\"type\": \"fixed\", \"name\": \"x" + field + "_F\", \"size\": 2}",
                "\"string\"",
                "\"double\""));
        Collections.shuffle(branches, random);
        List<String> unions = new ArrayList<>();
        for (int count = 2; count <= 6; count++) {
            unions.add("[\"null\", " + String.join(", ", branches.subList(0, count)) + "]");
        }
        return unions;
    }

    private static String enumeration(String name) {
        return "{\"type\": \"enum\", \"name\": \"" + name + "\", \"symbols\": [\"X\", \"Y\"]}";
    }

    private static Schema contract(Map<String, List<String>> chains, int version, Random random) {
        StringBuilder fields = new StringBuilder();
        chains.forEach((name, chain) -> {
            if (version == 0 || random.nextInt(6) > 0) {
                fields.append(fields.isEmpty() ? "" : ", ")
                        .append("{\"name\": \"" + name + "\", \"type\": ")
                        .append(chain.get(Math.min(version, chain.size() - 1)))
                        .append("}");
            }
        });
        fields.append(fields.isEmpty() ? "" : ", ").append("{\"name\": \"n\", \"type\": \"int\"}");
        return new Schema.Parser()
                .parse("{\"type\": \"record\", \"name\": \"Sample\", \"namespace\": \"t\", \"fields\": [" + fields
                        + "]}");
    }

    private static GenericRecord record(Schema schema, Random random) {
        GenericRecord record = new GenericData.Record(schema);
        schema.getFields().forEach(field -> record.put(field.pos(), value(field.schema(), random)));
        return record;
    }

    private static Object value(Schema schema, Random random) {
        return switch (schema.getType()) {
            case INT -> schema.getLogicalType() == null ? random.nextInt(1000) : random.nextInt(20_000);
            case LONG -> (long) random.nextInt(1_000_000);
            case FLOAT -> random.nextFloat();
            case DOUBLE -> random.nextDouble();
            case BOOLEAN -> random.nextBoolean();
            case STRING ->
                schema.getLogicalType() == null ? "s" + random.nextInt(9) : new UUID(random.nextLong(), 1).toString();
            case BYTES ->
                ByteBuffer.wrap(
                        schema.getLogicalType() == null
                                ? new byte[] {65, 66}
                                : new byte[] {1, (byte) random.nextInt()});
            case FIXED -> new GenericData.Fixed(schema, new byte[schema.getFixedSize()]);
            case ENUM -> new GenericData.EnumSymbol(schema, "X");
            case ARRAY -> List.of(value(schema.getElementType(), random), value(schema.getElementType(), random));
            case MAP -> {
                Map<String, Object> values = new HashMap<>();
                values.put("k", value(schema.getValueType(), random));
                yield values;
            }
            case UNION ->
                value(schema.getTypes().get(random.nextInt(schema.getTypes().size())), random);
            case RECORD -> record(schema, random);
            default -> null;
        };
    }
}
