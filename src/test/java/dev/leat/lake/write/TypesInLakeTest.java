package dev.leat.lake.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.pipeline.Stream;
import dev.leat.schema.topic.AvroRows;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.TypeSamples;
import dev.leat.schema.types.TypeSamples.Sample;
import dev.leat.schema.types.TypeSamples.Value;
import java.nio.file.Path;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** From Avro's own writer through our decoder and Parquet to DuckDB. */
class TypesInLakeTest {

    private static final Stream FLAT = LakeFixture.stream(Stream.PartitionBy.NONE, 1_000);

    @TempDir
    Path location;

    static List<Sample> every_type() {
        return TypeSamples.all();
    }

    @ParameterizedTest
    @MethodSource
    void every_type(Sample sample) throws Exception {
        // Given
        LakeFixture lake = new LakeFixture(location);
        Rows rows = new AvroRows(FLAT).rows(sample.records());
        LakeWriter writer = lake.open(FLAT);

        // When
        writer.take(rows, rows.size());
        writer.roll();

        // Then
        List<String> expected = sample.values().stream().map(Value::duckdb).toList();
        assertThat(read(lake, sample.duckdb()).subList(0, expected.size())).isEqualTo(expected);
        if (sample.hasOptional()) {
            List<String> optional = read(lake, sample.duckdb().replaceAll("\\bv\\b", "o"));
            assertThat(optional.subList(0, expected.size())).isEqualTo(expected);
            assertThat(lake.query("SELECT count(*) FROM LAKE WHERE o IS NULL")).containsExactly("1");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"int\" | 7 | \"long\" | 8 | 7, 8, 7",
                "\"int\" | 7 | \"double\" | 8 | 7.0, 8.0, 7.0",
                "[\"null\", \"int\", \"boolean\"] | 7 | [\"int\", \"long\"] | 8 | 7, 8, 7",
            })
    void files_of_a_narrower_and_a_wider_type_are_read_together(
            String before, int old, String after, long young, String values) throws Exception {
        // Given
        LakeFixture lake = new LakeFixture(location);
        LakeWriter writer = lake.open(FLAT);
        AvroRows events = new AvroRows(FLAT);
        Rows narrow = events.rows(record(before, old));
        writer.take(narrow, 1);
        writer.roll();

        // When
        writer.take(events.rows(record(after, young)), 2);
        writer.take(events.rows(record(before, old)), 3);
        writer.roll();

        // Then
        String value = before.startsWith("[") ? "coalesce(v.int::BIGINT, v.long)::VARCHAR" : "v::VARCHAR";
        assertThat(lake.manifest.entries).hasSize(2);
        assertThat(String.join(", ", read(lake, value))).isEqualTo(values);
    }

    @Test
    void rows_that_were_decoded_before_a_column_was_widened_go_into_the_wider_file() throws Exception {
        LakeFixture lake = new LakeFixture(location);
        LakeWriter writer = lake.open(FLAT);
        Rows narrow = new AvroRows(FLAT).rows(record("\"int\"", 7), record("\"int\"", 8));
        writer.take(new AvroRows(FLAT).rows(record("\"double\"", 1)), 1);
        writer.take(narrow, 2);
        writer.roll();
        assertThat(read(lake, "v::VARCHAR")).containsExactly("1.0", "8.0");
    }

    private static GenericRecord record(String type, long value) {
        Schema v = new Schema.Parser().parse(type);
        Schema schema = Schema.createRecord("Sample", null, "t", false, List.of(new Schema.Field("v", v)));
        Object datum = type.contains("double")
                ? (Object) (double) value
                : type.contains("long") ? (Object) value : (Object) (int) value;
        return new GenericRecordBuilder(schema).set("v", datum).build();
    }

    private static List<String> read(LakeFixture lake, String expression) throws Exception {
        return lake.query("SELECT " + expression + " FROM LAKE ORDER BY _offset");
    }
}
