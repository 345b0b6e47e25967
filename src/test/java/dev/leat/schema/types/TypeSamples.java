package dev.leat.schema.types;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;

/**
 * Every row of the type table, with values at its edges: as Avro's writer takes them, as JSON has to write them, and as
 * DuckDB has to read them.
 */
public final class TypeSamples {

    /** What stands for the column in a sample's DuckDB expression. */
    private static final String COLUMN = "v";

    /** Arrays and maps within each other, beside those of the table of types. */
    private static final String NESTED = "nested: ";

    private TypeSamples() {}

    /**
     * One row of the type table.
     *
     * @param avro what the table of types calls it
     * @param duckdb expression over the column {@code v}, whose text is compared
     */
    public record Sample(String avro, Schema type, String duckdb, List<Value> values) {

        /** A record with the field {@code v} of this type, and {@code o} that may be null where that can be said. */
        public Schema schema() {
            Schema.Field v = new Schema.Field(COLUMN, type);
            if (type.getType() == Schema.Type.UNION) {
                return Schema.createRecord("Sample", null, "t", false, List.of(v));
            }
            Schema optional = Schema.createUnion(Schema.create(Schema.Type.NULL), type);
            return Schema.createRecord("Sample", null, "t", false, List.of(v, new Schema.Field("o", optional)));
        }

        /** One record a value, and again each with null in {@code o}. */
        public GenericRecord[] records() {
            Schema schema = schema();
            List<GenericRecord> records = new ArrayList<>();
            for (Value value : values) {
                GenericRecordBuilder record = new GenericRecordBuilder(schema).set(COLUMN, value.datum());
                if (hasOptional()) {
                    record.set("o", value.datum());
                }
                records.add(record.build());
            }
            if (hasOptional()) {
                records.add(new GenericRecordBuilder(schema)
                        .set(COLUMN, values.getFirst().datum())
                        .set("o", null)
                        .build());
            }
            return records.toArray(GenericRecord[]::new);
        }

        /** Whether it is in the table of types; the others are more of one of those. */
        public boolean isDocumented() {
            return !avro.startsWith(NESTED) && !avro.startsWith("array of ")
                    || avro.contains("a simple type")
                    || avro.contains("anything else");
        }

        public boolean hasOptional() {
            return type.getType() != Schema.Type.UNION;
        }

        @Override
        public String toString() {
            return avro;
        }
    }

    /** @param json as Jackson would write it */
    public record Value(Object datum, String json, String duckdb) {}

    private static Value value(Object datum, String json) {
        return new Value(datum, json, json.startsWith("\"") ? json.substring(1, json.length() - 1) : json);
    }

    private static Value value(Object datum, String json, String duckdb) {
        return new Value(datum, json, duckdb);
    }

    private static Schema type(String json) {
        return new Schema.Parser().parse(json);
    }

    private static Schema logical(String base, String logical) {
        return type("{\"type\": \"" + base + "\", \"logicalType\": \"" + logical + "\"}");
    }

    private static Sample sample(String avro, Schema type, String duckdb, Value... values) {
        return new Sample(avro, type, duckdb, List.of(values));
    }

    private static Sample plain(String avro, Schema type, Value... values) {
        return sample(avro, type, "v::VARCHAR", values);
    }

    public static List<Sample> all() {
        List<Sample> samples = new ArrayList<>();
        primitives(samples);
        named(samples);
        times(samples);
        decimals(samples);
        structures(samples);
        return samples;
    }

    private static void primitives(List<Sample> samples) {
        samples.add(plain("boolean", type("\"boolean\""), value(true, "true"), value(false, "false")));
        samples.add(plain(
                "int",
                type("\"int\""),
                value(Integer.MIN_VALUE, "-2147483648"),
                value(0, "0"),
                value(Integer.MAX_VALUE, "2147483647")));
        samples.add(plain(
                "long",
                type("\"long\""),
                value(Long.MIN_VALUE, "-9223372036854775808"),
                value(Long.MAX_VALUE, "9223372036854775807")));
        samples.add(sample(
                "float",
                type("\"float\""),
                // The number itself, and not how DuckDB prints it.
                "CASE WHEN isfinite(v) THEN (v::DOUBLE)::VARCHAR ELSE v::VARCHAR END",
                value(0.5f, "0.5"),
                value(-16777216f, "-1.6777216E7", "-16777216.0"),
                value(Float.MIN_VALUE, "1.4E-45", "1.401298464324817e-45"),
                value(Float.MAX_VALUE, "3.4028235E38", "3.4028234663852886e+38"),
                value(Float.NaN, "\"NaN\"", "nan"),
                value(Float.POSITIVE_INFINITY, "\"Infinity\"", "inf"),
                value(Float.NEGATIVE_INFINITY, "\"-Infinity\"", "-inf")));
        samples.add(plain(
                "double",
                type("\"double\""),
                value(0.1, "0.1"),
                value(Double.MIN_VALUE, "4.9E-324", "5e-324"),
                value(-Double.MAX_VALUE, "-1.7976931348623157E308", "-1.7976931348623157e+308"),
                value(Double.NaN, "\"NaN\"", "nan"),
                value(Double.POSITIVE_INFINITY, "\"Infinity\"", "inf"),
                value(Double.NEGATIVE_INFINITY, "\"-Infinity\"", "-inf")));
        samples.add(sample(
                "string",
                type("\"string\""),
                "v",
                value("", "\"\""),
                value("it's \"é\" \uD83D\uDE95\n", "\"it's \\\"é\\\" \uD83D\uDE95\\n\"", "it's \"é\" \uD83D\uDE95\n"),
                value("x".repeat(70_000), "\"" + "x".repeat(70_000) + "\"")));
        samples.add(sample(
                "bytes",
                type("\"bytes\""),
                "hex(v)",
                value(bytes(), "\"\"", ""),
                value(bytes(0, 255, 10), "\"AP8K\"", "00FF0A")));
    }

    private static void named(List<Sample> samples) {
        Schema fixed = type("{\"type\": \"fixed\", \"name\": \"F3\", \"size\": 3}");
        samples.add(sample(
                "fixed",
                fixed,
                "hex(v)",
                value(new GenericData.Fixed(fixed, new byte[] {0, -1, 10}), "\"AP8K\"", "00FF0A")));
        Schema symbols = type("{\"type\": \"enum\", \"name\": \"E\", \"symbols\": [\"A\", \"B_2\"]}");
        samples.add(plain(
                "enum",
                symbols,
                value(new GenericData.EnumSymbol(symbols, "A"), "\"A\""),
                value(new GenericData.EnumSymbol(symbols, "B_2"), "\"B_2\"")));
    }

    private static void times(List<Sample> samples) {
        samples.add(sample(
                "date",
                logical("int", "date"),
                "date_diff('day', DATE '1970-01-01', v)::VARCHAR",
                value(-1, "\"1969-12-31\"", "-1"),
                value(20_484, "\"2026-01-31\"", "20484"),
                value(-734_883, "\"-0043-12-17\"", "-734883"),
                value(-2_440_588, "\"-4713-11-24\"", "-2440588"),
                value(2_145_042_905, "\"+5874897-12-31\"", "2145042905")));
        samples.add(sample(
                "time-millis",
                logical("int", "time-millis"),
                "left(v::TIME::VARCHAR, 15)",
                value(0, "\"00:00\"", "00:00:00"),
                value(86_399_999, "\"23:59:59.999\"")));
        samples.add(sample(
                "time-micros",
                logical("long", "time-micros"),
                "left(v::TIME::VARCHAR, 15)",
                value(1L, "\"00:00:00.000001\""),
                value(86_399_999_999L, "\"23:59:59.999999\"")));
        samples.add(sample(
                "timestamp-millis",
                logical("long", "timestamp-millis"),
                "epoch_us(v)::VARCHAR",
                value(-1L, "\"1969-12-31T23:59:59.999Z\"", "-1000"),
                value(-210_866_803_199_999L, "\"-4713-11-24T00:00:00.001Z\"", "-210866803199999000"),
                value(9_223_372_036_854_775L, "\"+294247-01-10T04:00:54.775Z\"", "9223372036854775000")));
        samples.add(sample(
                "timestamp-micros",
                logical("long", "timestamp-micros"),
                "epoch_us(v)::VARCHAR",
                value(-1L, "\"1969-12-31T23:59:59.999999Z\"", "-1"),
                value(-62_167_219_200_000_001L, "\"-0001-12-31T23:59:59.999999Z\"", "-62167219200000001"),
                value(Long.MAX_VALUE - 7, "\"+294247-01-10T04:00:54.775800Z\"", "9223372036854775800")));
        samples.add(sample(
                "timestamp-nanos",
                logical("long", "timestamp-nanos"),
                "epoch_ns(v)::VARCHAR",
                value(-1L, "\"1969-12-31T23:59:59.999999999Z\"", "-1"),
                value(1_769_903_999_123_456_789L, "\"2026-01-31T23:59:59.123456789Z\"", "1769903999123456789"),
                value(Long.MAX_VALUE - 1, "\"2262-04-11T23:47:16.854775806Z\"", "9223372036854775806"),
                value(-Long.MAX_VALUE + 1, "\"1677-09-21T00:12:43.145224194Z\"", "-9223372036854775806")));
        samples.add(sample(
                "local-timestamp-millis",
                logical("long", "local-timestamp-millis"),
                "epoch_us(v)::VARCHAR",
                value(-1L, "\"1969-12-31T23:59:59.999\"", "-1000"),
                value(-210_866_803_199_999L, "\"-4713-11-24T00:00:00.001\"", "-210866803199999000")));
        samples.add(sample(
                "local-timestamp-micros",
                logical("long", "local-timestamp-micros"),
                "epoch_us(v)::VARCHAR",
                value(-1L, "\"1969-12-31T23:59:59.999999\"", "-1"),
                value(Long.MAX_VALUE - 7, "\"+294247-01-10T04:00:54.775800\"", "9223372036854775800")));
        samples.add(sample(
                "local-timestamp-nanos",
                logical("long", "local-timestamp-nanos"),
                "epoch_ns(v)::VARCHAR",
                value(-1L, "\"1969-12-31T23:59:59.999999999\"", "-1"),
                value(Long.MAX_VALUE - 1, "\"2262-04-11T23:47:16.854775806\"", "9223372036854775806")));
        Schema months = type("{\"type\": \"fixed\", \"name\": \"D\", \"size\": 12, \"logicalType\": \"duration\"}");
        samples.add(plain(
                "duration (fixed of 12)",
                months,
                value(duration(months, 0, 0, 0), "\"PT0S\""),
                value(duration(months, 14, 3, 4_005), "\"P14M3DT4.005S\""),
                value(
                        duration(months, Integer.MAX_VALUE, Integer.MAX_VALUE, -1),
                        "\"P2147483647M2147483647DT4294967.295S\"")));
        samples.add(plain(
                "uuid (string)",
                logical("string", "uuid"),
                value("123e4567-e89b-12d3-a456-426614174000", "\"123e4567-e89b-12d3-a456-426614174000\""),
                value("ffffffff-ffff-ffff-ffff-ffffffffffff", "\"ffffffff-ffff-ffff-ffff-ffffffffffff\"")));
        Schema uuid = type("{\"type\": \"fixed\", \"name\": \"U\", \"size\": 16, \"logicalType\": \"uuid\"}");
        samples.add(plain(
                "uuid (fixed of 16)",
                uuid,
                value(
                        new GenericData.Fixed(uuid, HexFormat.of().parseHex("123e4567e89b12d3a456426614174000")),
                        "\"123e4567-e89b-12d3-a456-426614174000\"")));
    }

    private static void decimals(List<Sample> samples) {
        samples.add(plain(
                "decimal (bytes), up to 38 digits",
                decimalType("bytes", 38, 4),
                value(unscaled("0.0000"), "\"0.0000\""),
                value(unscaled("-12.3400"), "\"-12.3400\""),
                value(
                        unscaled("9999999999999999999999999999999999.9999"),
                        "\"9999999999999999999999999999999999.9999\"")));
        Schema fixed = type("{\"type\": \"fixed\", \"name\": \"D5\", \"size\": 5, \"logicalType\": \"decimal\","
                + " \"precision\": 9, \"scale\": 2}");
        samples.add(plain(
                "decimal (fixed)",
                fixed,
                value(new GenericData.Fixed(fixed, new byte[] {-1, -1, -1, -5, 46}), "\"-12.34\"")));
        samples.add(plain(
                "decimal, over 38 digits",
                decimalType("bytes", 50, 1),
                value(unscaled("-0.1"), "\"-0.1\""),
                value(unscaled("9".repeat(49) + ".9"), "\"" + "9".repeat(49) + ".9\"")));
        samples.add(plain(
                "big-decimal",
                logical("bytes", "big-decimal"),
                value(bigDecimal("1.50"), "\"1.50\""),
                value(bigDecimal("-" + "9".repeat(60) + ".000"), "\"-" + "9".repeat(60) + ".000\"")));
    }

    private static void structures(List<Sample> samples) {
        samples.add(sample(
                "array of a simple type, as long",
                type("{\"type\": \"array\", \"items\": [\"null\", \"long\"]}"),
                "to_json(v)::VARCHAR",
                value(List.of(), "[]"),
                value(
                        Arrays.asList(Long.MIN_VALUE, null, Long.MAX_VALUE),
                        "[" + Long.MIN_VALUE + ",null," + Long.MAX_VALUE + "]"),
                value(
                        Collections.nCopies(5000, 7L),
                        Collections.nCopies(5000, 7L).toString().replace(" ", ""))));
        samples.add(sample(
                "array of string",
                type("{\"type\": \"array\", \"items\": \"string\"}"),
                "to_json(v)::VARCHAR",
                value(
                        List.of("", "NULL", "a,b", "{\"}", "\\", " x ", "é\n"),
                        "[\"\",\"NULL\",\"a,b\",\"{\\\"}\",\"\\\\\",\" x \",\"é\\n\"]")));
        samples.add(sample(
                "array of double",
                type("{\"type\": \"array\", \"items\": \"double\"}"),
                "list_transform(v, x -> x::VARCHAR)::VARCHAR",
                value(
                        List.of(0.1, Double.NaN, Double.NEGATIVE_INFINITY),
                        "[0.1,\"NaN\",\"-Infinity\"]",
                        "[0.1, nan, -inf]")));
        samples.add(sample(
                "array of bytes",
                type("{\"type\": \"array\", \"items\": \"bytes\"}"),
                "list_transform(v, x -> hex(x))::VARCHAR",
                value(List.of(bytes(), bytes(0, 255, 92, 34)), "[\"\",\"AP9cIg==\"]", "['', 00FF5C22]")));
        Schema duration = type("{\"type\": \"fixed\", \"name\": \"D\", \"size\": 12, \"logicalType\": \"duration\"}");
        samples.add(sample(
                "array of duration",
                Schema.createArray(duration),
                "v::VARCHAR",
                value(
                        List.of(duration(duration, 1, 45, 0), duration(duration, 0, 0, 90_000_001)),
                        "[\"P1M45D\",\"PT90000.001S\"]",
                        "[P1M45D, PT90000.001S]")));
        samples.add(sample(
                "array of timestamp-nanos",
                type("{\"type\": \"array\", \"items\": {\"type\": \"long\", \"logicalType\": \"timestamp-nanos\"}}"),
                "list_transform(v, x -> epoch_ns(x))::VARCHAR",
                value(List.of(-1L), "[\"1969-12-31T23:59:59.999999999Z\"]", "[-1]")));
        samples.add(sample(
                "array of date",
                type("{\"type\": \"array\", \"items\": {\"type\": \"int\", \"logicalType\": \"date\"}}"),
                "list_transform(v, x -> date_diff('day', DATE '1970-01-01', x))::VARCHAR",
                value(
                        List.of(-1, -734_883, 4_000_000),
                        "[\"1969-12-31\",\"-0043-12-17\",\"+12921-08-18\"]",
                        "[-1, -734883, 4000000]")));
        samples.add(sample(
                "array of timestamp-micros",
                type("{\"type\": \"array\", \"items\": {\"type\": \"long\", \"logicalType\": \"timestamp-micros\"}}"),
                "list_transform(v, x -> epoch_us(x))::VARCHAR",
                value(
                        List.of(-1L, -62_167_219_200_000_001L),
                        "[\"1969-12-31T23:59:59.999999Z\",\"-0001-12-31T23:59:59.999999Z\"]",
                        "[-1, -62167219200000001]")));
        samples.add(sample(
                "array of decimal",
                type("{\"type\": \"array\", \"items\": {\"type\": \"bytes\", \"logicalType\": \"decimal\","
                        + " \"precision\": 9, \"scale\": 2}}"),
                "v::VARCHAR",
                value(List.of(unscaled("0.10"), unscaled("-12.34")), "[\"0.10\",\"-12.34\"]", "[0.10, -12.34]")));
        samples.add(sample(
                "array of anything else",
                type("{\"type\": \"array\", \"items\": {\"type\": \"array\", \"items\": \"int\"}}"),
                "v",
                value(List.of(List.of(1, 2), List.of()), "[[1,2],[]]")));
        samples.add(sample(
                "map of a simple type, as int",
                type("{\"type\": \"map\", \"values\": [\"null\", \"int\"]}"),
                "list_sort(map_entries(v))::VARCHAR",
                value(Map.of(), "{}", "[]"),
                value(
                        ordered("", 1, "a \"b\".c", null, "é", -3),
                        "{\"\":1,\"é\":-3,\"a \\\"b\\\".c\":null}",
                        "[{'key': '', 'value': 1}, {'key': 'a \"b\".c', 'value': NULL}, {'key': é, 'value': -3}]")));
        samples.add(sample(
                "map of anything else",
                type("{\"type\": \"map\", \"values\": {\"type\": \"array\", \"items\": \"string\"}}"),
                "v",
                value(Map.of("k", List.of("x")), "{\"k\":[\"x\"]}")));
        Schema union = type("[\"null\", \"int\", \"string\", {\"type\": \"fixed\", \"name\": \"t.F2\", \"size\": 2},"
                + " {\"type\": \"array\", \"items\": \"int\"}]");
        samples.add(sample(
                "union of more than null and one type",
                union,
                "coalesce(v.int::VARCHAR, v.string, hex(v.t_F2), v.array, 'none')",
                value(-7, "{\"int\":-7}", "-7"),
                value("é", "{\"string\":\"é\"}", "é"),
                value(new GenericData.Fixed(union.getTypes().get(3), new byte[] {1, 2}), "{\"t.F2\":\"AQI=\"}", "0102"),
                value(List.of(1, 2), "{\"array\":[1,2]}", "[1,2]"),
                value(null, "null", "none")));
        samples.add(recursion());
        nested(samples);
    }

    /** All arrays and maps of arrays and maps; of numbers, to the third level. */
    private static void nested(List<Sample> samples) {
        List<Sample> leaves = List.of(
                plain("int", type("\"int\""), value(7, "7")),
                plain("int or null", type("[\"null\", \"int\"]"), value(null, "null")),
                plain("string", type("\"string\""), value("é\"", "\"é\\\"\"")),
                plain(
                        "record",
                        record(),
                        value(new GenericRecordBuilder(record()).set("x", 7).build(), "{\"x\":7}")));
        List<Sample> outer = leaves;
        for (int level = 1; level <= 3; level++) {
            outer = (level < 3
                            ? outer.stream()
                            : outer.stream().filter(s -> s.avro().endsWith(" of int")))
                    .flatMap(TypeSamples::within)
                    .toList();
            if (level > 1) {
                samples.addAll(outer);
            }
        }
    }

    private static Schema record() {
        return type("{\"type\": \"record\", \"name\": \"t.R\", \"fields\": [{\"name\": \"x\", \"type\": \"int\"}]}");
    }

    /** An array and a map of what the sample has: twice, none, and one. */
    private static java.util.stream.Stream<Sample> within(Sample inner) {
        Value value = inner.values().getFirst();
        String name = NESTED + "%s of " + inner.avro().replace(NESTED, "");
        String json = value.json();
        return java.util.stream.Stream.of(
                sample(
                        name.formatted("array"),
                        Schema.createArray(inner.type()),
                        "v",
                        value(Arrays.asList(value.datum(), value.datum()), "[" + json + "," + json + "]"),
                        value(List.of(), "[]")),
                sample(
                        name.formatted("map"),
                        Schema.createMap(inner.type()),
                        "v",
                        value(ordered("k", value.datum()), "{\"k\":" + json + "}"),
                        value(Map.of(), "{}")));
    }

    private static Sample recursion() {
        Schema node = type("{\"type\": \"record\", \"name\": \"t.Node\", \"fields\": ["
                + "{\"name\": \"at\", \"type\": {\"type\": \"int\", \"logicalType\": \"date\"}},"
                + "{\"name\": \"next\", \"type\": [\"null\", \"t.Node\"]}]}");
        Schema nodes = Schema.createArray(node);
        GenericRecord chain = null;
        StringBuilder json = new StringBuilder("null");
        for (int depth = 0; depth < 400; depth++) {
            chain = new GenericRecordBuilder(node)
                    .set("at", depth)
                    .set("next", chain)
                    .build();
            json = new StringBuilder(
                    "{\"at\":\"" + java.time.LocalDate.ofEpochDay(depth) + "\",\"next\":" + json + "}");
        }
        return sample("record that contains itself", nodes, "v", value(List.of(chain), "[" + json + "]"));
    }

    private static Schema decimalType(String base, int precision, int scale) {
        return type("{\"type\": \"" + base + "\", \"logicalType\": \"decimal\", \"precision\": " + precision
                + ", \"scale\": " + scale + "}");
    }

    private static ByteBuffer unscaled(String decimal) {
        return ByteBuffer.wrap(new BigDecimal(decimal).unscaledValue().toByteArray());
    }

    private static ByteBuffer bigDecimal(String decimal) {
        return new org.apache.avro.Conversions.BigDecimalConversion().toBytes(new BigDecimal(decimal), null, null);
    }

    private static ByteBuffer bytes(int... values) {
        byte[] bytes = new byte[values.length];
        IntStream.range(0, values.length).forEach(i -> bytes[i] = (byte) values[i]);
        return ByteBuffer.wrap(bytes);
    }

    public static GenericData.Fixed duration(Schema schema, int months, int days, int millis) {
        return new GenericData.Fixed(
                schema,
                ByteBuffer.allocate(12)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(months)
                        .putInt(days)
                        .putInt(millis)
                        .array());
    }

    private static Map<String, Object> ordered(Object... entries) {
        Map<String, Object> map = new TreeMap<>();
        for (int i = 0; i < entries.length; i += 2) {
            map.put((String) entries[i], entries[i + 1]);
        }
        return map;
    }
}
