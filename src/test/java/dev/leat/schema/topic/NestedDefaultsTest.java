package dev.leat.schema.topic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.leat.Seeds;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.StreamFixture;
import dev.leat.schema.registry.FakeRegistry;
import dev.leat.schema.types.AvroBytes;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.avro.AvroCursor;
import dev.leat.schema.types.table.TypeTable;
import dev.leat.schema.wire.Records;
import dev.leat.schema.wire.WireFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Records of an older version, against what Avro's own reader makes of them with the newest. */
class NestedDefaultsTest {

    private static final int CONTRACTS = 150;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Records that are kept as JSON. */
    private static final List<String> FORMS = List.of(
            "{\"type\": \"record\", \"name\": \"J\", \"fields\": [{\"name\": \"v\", \"type\": {\"type\": \"array\", \"items\":"
                    + " RECORD}}]}",
            "{\"type\": \"record\", \"name\": \"J\", \"fields\": [{\"name\": \"v\", \"type\": {\"type\": \"map\", \"values\":"
                    + " [\"null\", RECORD]}}]}",
            "{\"type\": \"record\", \"name\": \"J\", \"fields\": [{\"name\": \"v\", \"type\": [\"null\", \"string\", RECORD]}]}",
            "{\"type\": \"record\", \"name\": \"J\", \"fields\": [{\"name\": \"v\", \"type\": [\"null\", {\"type\": \"record\","
                    + " \"name\": \"L\", \"fields\": [{\"name\": \"of\", \"type\": [\"int\", RECORD]}, {\"name\": \"next\", \"type\":"
                    + " [\"null\", \"L\"]}, {\"name\": \"more\", \"type\": {\"type\": \"array\", \"items\": \"E\"}}]}]}]}");

    @Test
    void a_field_that_a_writer_did_not_know_has_its_default_where_avros_own_reader_has_one() {
        long first = Seeds.first();
        for (long seed = first; seed < first + Seeds.runs(CONTRACTS); seed++) {
            Random random = new Random(seed);
            StringBuilder newest = new StringBuilder();
            StringBuilder older = new StringBuilder();
            record(random, "E", 0, newest, older);
            compare(seed, new Schema.Parser().parse(older.toString()), new Schema.Parser().parse(newest.toString()));
        }
    }

    @Test
    void json_of_records_has_the_defaults_that_avros_own_reader_gives_them() throws IOException {
        long first = Seeds.first();
        for (long seed = first; seed < first + Seeds.runs(CONTRACTS); seed++) {
            Random random = new Random(seed);
            StringBuilder newest = new StringBuilder();
            StringBuilder older = new StringBuilder();
            record(random, "E", 0, newest, older);
            String form = FORMS.get(random.nextInt(FORMS.size()));
            Schema was = new Schema.Parser().parse(form.replace("RECORD", older));
            Schema is = new Schema.Parser().parse(form.replace("RECORD", newest));
            RandomData data = new RandomData(random);
            List<GenericRecord> records =
                    List.of((GenericRecord) data.of(was), (GenericRecord) data.of(was), (GenericRecord) data.of(was));
            Rows rows = decode(Stream.Nested.JSON, was, is, records);
            for (int row = 0; row < rows.size(); row++) {
                AvroCursor in = new AvroCursor();
                in.reset(AvroBytes.of(is, resolved(records.get(row), was, is)), 0);
                JsonNode expected = JSON.readTree(TypeTable.json(in, is)).get("v");
                Object value = rows.vector("v").valueAt(row);
                assertThat(value == null ? NullNode.getInstance() : JSON.readTree(json(rows, value)))
                        .as("-Dleat.seed=%s %s → %s", seed, was, is)
                        .isEqualTo(expected);
            }
        }
    }

    private static String json(Rows rows, Object value) {
        return TypeTable.of(rows.shape().column("v").type()).json(value);
    }

    @Test
    void a_field_in_json_that_was_renamed_is_not_added_beside_its_older_name() {
        // Given
        Schema older = new Schema.Parser()
                .parse(
                        FORMS.getFirst()
                                .replace(
                                        "RECORD",
                                        "{\"type\": \"record\", \"name\": \"A\", \"fields\": [{\"name\": \"x\", \"type\": \"int\"}]}"));
        Schema newest = new Schema.Parser()
                .parse(older.toString()
                        .replace(
                                "{\"name\":\"x\",\"type\":\"int\"}",
                                "{\"name\":\"y\",\"type\":\"int\",\"aliases\":[\"x\"],\"default\":3},"
                                        + " {\"name\":\"z\",\"type\":[\"null\",\"int\"],\"default\":null}"));
        GenericRecord record = new org.apache.avro.generic.GenericRecordBuilder(older)
                .set(
                        "v",
                        List.of(new org.apache.avro.generic.GenericRecordBuilder(
                                        older.getField("v").schema().getElementType())
                                .set("x", 1)
                                .build()))
                .build();

        // When
        Rows rows = decode(Stream.Nested.JSON, older, newest, List.of(record));

        // Then
        assertThat(rows.vector("v").valueAt(0)).isEqualTo("[{\"x\":1,\"z\":null}]");
    }

    @Test
    void a_default_in_an_optional_record_counts_where_the_record_is_there() {
        // Given
        Schema older = schema("{\"name\": \"street\", \"type\": \"int\"}");
        Schema newest = schema(
                "{\"name\": \"street\", \"type\": \"int\"}, {\"name\": \"city\", \"type\": \"int\", \"default\": 7}");
        GenericRecord there = new org.apache.avro.generic.GenericRecordBuilder(older)
                .set(
                        "a",
                        new org.apache.avro.generic.GenericRecordBuilder(
                                        older.getField("a").schema().getTypes().get(1))
                                .set("street", 1)
                                .build())
                .build();
        GenericRecord missing = new org.apache.avro.generic.GenericRecordBuilder(older)
                .set("a", null)
                .build();

        // When
        Rows rows = decode(Stream.Nested.FLAT, older, newest, List.of(there, missing));

        // Then
        assertThat(rows.vector("a_city").valueAt(0)).isEqualTo(7L);
        assertThat(rows.vector("a_city").isNull(1)).isTrue();
    }

    private static Schema schema(String fields) {
        return new Schema.Parser()
                .parse("{\"type\": \"record\", \"name\": \"E\", \"fields\": [{\"name\": \"a\", \"type\": [\"null\","
                        + " {\"type\": \"record\", \"name\": \"A\", \"fields\": [" + fields + "]}]}]}");
    }

    private static void compare(long seed, Schema older, Schema newest) {
        RandomData data = new RandomData(new Random(seed));
        List<GenericRecord> records = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            records.add((GenericRecord) data.of(older));
        }
        Rows rows = decode(Stream.Nested.FLAT, older, newest, records);
        for (int row = 0; row < rows.size(); row++) {
            Map<String, Object> expected = new TreeMap<>();
            flatten("", resolved(records.get(row), older, newest), newest, expected);
            Map<String, Object> actual = new TreeMap<>();
            for (String column : expected.keySet()) {
                actual.put(column, rows.vector(column).valueAt(row));
            }
            assertThat(actual).as("-Dleat.seed=%s %s → %s", seed, older, newest).isEqualTo(expected);
        }
    }

    private static Rows decode(Stream.Nested nested, Schema older, Schema newest, List<GenericRecord> written) {
        FakeRegistry registry = new FakeRegistry();
        registry.byId.put(1L, older);
        registry.bySubject.put("topic-value", newest);
        Stream stream = new StreamFixture("events", "topic").nested(nested).build();
        StreamContract source = new StreamContract(stream);
        source.learnSubject(newest);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (GenericRecord record : written) {
            records.add(new ConsumerRecord<>("topic", 0, records.size(), null, AvroBytes.framed(1, older, record)));
        }
        Decoded decoded = new TopicDecoder(
                        ContractHistory.ofRegistry(registry), new WireFormat(Stream.Ids.DEFAULT), List.of(source))
                .decode(0, Records.of(records));
        assertThat(decoded.rejected()).isEmpty();
        return decoded.rows().getFirst();
    }

    private static GenericRecord resolved(GenericRecord record, Schema older, Schema newest) {
        try {
            return new GenericDatumReader<GenericRecord>(older, newest)
                    .read(null, DecoderFactory.get().binaryDecoder(AvroBytes.of(older, record), null));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** @param record null where it is missing */
    private static void flatten(String prefix, GenericRecord record, Schema schema, Map<String, Object> columns) {
        for (Schema.Field field : schema.getFields()) {
            Object value = record == null ? null : record.get(field.name());
            Schema present = field.schema().getType() == Schema.Type.UNION
                    ? field.schema().getTypes().stream()
                            .filter(branch -> branch.getType() != Schema.Type.NULL)
                            .findFirst()
                            .orElseThrow()
                    : field.schema();
            if (present.getType() == Schema.Type.RECORD) {
                flatten(prefix + field.name() + "_", (GenericRecord) value, present, columns);
            } else {
                columns.put(prefix + field.name(), value == null ? null : ((Number) value).longValue());
            }
        }
    }

    /** The same record in two versions; the older one lacks some of the fields that have a default. */
    private static void record(Random random, String name, int depth, StringBuilder newest, StringBuilder older) {
        String head = "{\"type\": \"record\", \"name\": \"" + name + "\", \"fields\": [";
        StringBuilder ofNewest = new StringBuilder();
        StringBuilder ofOlder = new StringBuilder();
        int fields = 2 + random.nextInt(3);
        for (int i = 0; i < fields; i++) {
            String field = "f" + i;
            StringBuilder type = new StringBuilder();
            StringBuilder was = new StringBuilder();
            String defaulted;
            boolean nested = depth < 3 && random.nextInt(5) < 2;
            boolean optional = random.nextBoolean();
            if (nested) {
                record(random, name + i, depth + 1, type, was);
                defaulted = optional ? ", \"default\": null" : "";
            } else {
                type.append("\"int\"");
                was.append("\"int\"");
                defaulted = optional && random.nextBoolean()
                        ? ", \"default\": null"
                        : random.nextInt(4) == 0 || optional ? "" : ", \"default\": " + random.nextInt(100);
            }
            // The first field stays, so that a record is known by it.
            boolean unknown = i > 0 && !defaulted.isEmpty() && random.nextInt(3) > 0;
            String open = optional ? "[\"null\", " : "";
            String close = optional ? "]" : "";
            append(ofNewest, "{\"name\": \"" + field + "\", \"type\": " + open + type + close + defaulted + "}");
            if (!unknown) {
                append(ofOlder, "{\"name\": \"" + field + "\", \"type\": " + open + was + close + defaulted + "}");
            }
        }
        newest.append(head).append(ofNewest).append("]}");
        older.append(head).append(ofOlder).append("]}");
    }

    private static void append(StringBuilder fields, String field) {
        if (!fields.isEmpty()) {
            fields.append(", ");
        }
        fields.append(field);
    }
}
