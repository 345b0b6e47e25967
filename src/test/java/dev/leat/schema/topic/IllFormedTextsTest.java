package dev.leat.schema.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.pipeline.StreamFixture;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.util.Utf8;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A text that isn't UTF-8 is nowhere read as another one, wherever it is in a record. */
class IllFormedTextsTest {

    /** As other encodings have them. */
    private static final byte FIRST = (byte) 0xE9;

    private static final byte SECOND = (byte) 0xE8;

    /** Stands for one of them while Avro's writer has the record, which would replace it. */
    private static final char PLACE = '#';

    /**
     * @param type of field {@code f}
     * @param value of it that has the text
     */
    record Place(String name, String type, Function<Utf8, Object> value) {
        Schema contract() {
            return new Schema.Parser().parse("""
                    {"type": "record", "name": "t.E", "fields": [
                      {"name": "id", "type": "string"}, {"name": "f", "type": %s}]}""".formatted(type));
        }

        byte[] event(String id, String text) {
            GenericRecord event = new GenericData.Record(contract());
            event.put("id", id);
            event.put("f", value.apply(new Utf8(text)));
            return AvroRows.bytes(event);
        }

        byte[] event(String id, byte illFormed) {
            byte[] event = event(id, "e" + PLACE);
            for (int i = 0; i < event.length; i++) {
                event[i] = event[i] == PLACE ? illFormed : event[i];
            }
            return event;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static String record(String type) {
        return "{\"type\": \"record\", \"name\": \"t.In\", \"fields\": [{\"name\": \"x\", \"type\": " + type + "}]}";
    }

    private static GenericRecord inner(Schema schema, Object value) {
        GenericRecord inner = new GenericData.Record(schema);
        inner.put("x", value);
        return inner;
    }

    private static Schema parsed(String type) {
        return new Schema.Parser().parse(type);
    }

    static Stream<Place> places() {
        String array = "{\"type\": \"array\", \"items\": %s}";
        String map = "{\"type\": \"map\", \"values\": %s}";
        String text = "\"string\"";
        Schema inner = parsed(record(text));
        return Stream.of(
                new Place("f", text, t -> t),
                new Place("f, optional", "[\"null\", \"string\"]", t -> t),
                new Place("f_x", record(text), t -> inner(inner, t)),
                new Place("f, item", array.formatted(text), t -> List.of(t)),
                new Place("f, item of an item", array.formatted(array.formatted(text)), t -> List.of(List.of(t))),
                new Place("f, key", map.formatted("\"int\""), t -> Map.of(t, 1)),
                new Place("f, key of JSON", map.formatted("[\"int\", \"string\"]"), t -> Map.of(t, 1)),
                new Place("f, value", map.formatted(text), t -> Map.of(new Utf8("k"), t)),
                new Place("f, value of JSON", map.formatted(map.formatted(text)), t -> Map.of("k", Map.of("l", t))),
                new Place("f, field of an item", array.formatted(record(text)), t -> List.of(inner(inner, t))),
                new Place("f, branch", "[\"int\", \"string\"]", t -> t));
    }

    private static Object shown(Decoded decoded, int row) {
        return decoded.rows()
                .getFirst()
                .vector(decoded.rows().getFirst().shape().size() - 1)
                .valueAt(row);
    }

    @ParameterizedTest
    @MethodSource("places")
    void it_is_a_dead_letter_that_names_the_field(Place place) {
        AvroRows rows = new AvroRows(new StreamFixture("s", "t").build()).learn(place.contract());
        String field = place.name().split(",")[0];

        for (byte text : new byte[] {FIRST, SECOND}) {
            assertThat(rows.decode(place.contract(), place.event("a", text)).rejected())
                    .singleElement()
                    .satisfies(rejected -> {
                        assertThat(rejected.reason()).isEqualTo(Rejected.Reason.UNDECODABLE);
                        assertThat(rejected.message())
                                .contains("field " + field + " ")
                                .contains("isn't UTF-8");
                    });
        }
    }

    @ParameterizedTest
    @MethodSource("places")
    void those_around_it_are_read(Place place) {
        // Given
        AvroRows rows = new AvroRows(new StreamFixture("s", "t").build()).learn(place.contract());
        byte[][] events = new byte[9][];
        for (int i = 0; i < events.length; i++) {
            events[i] = i == 4 ? place.event("e" + i, FIRST) : place.event("e" + i, "caf\u00e9 \uFFFD" + i);
        }

        // When
        Decoded decoded = rows.decode(place.contract(), events);

        // Then
        assertThat(decoded.rejected()).extracting(Rejected::offset).containsExactly(4L);
        assertThat(decoded.rows().getFirst().size()).isEqualTo(8);
        assertThat(String.valueOf(shown(decoded, 7))).contains("caf\u00e9 \uFFFD8");
    }

    @ParameterizedTest
    @MethodSource("places")
    void somebody_who_looks_at_it_sees_the_rest(Place place) {
        AvroRows rows = new AvroRows(new StreamFixture("s", "t").build());

        assertThat(rows.inspect(place.contract(), place.event("a", FIRST)).json())
                .contains("e\uFFFD")
                .contains("\"id\":\"a\"");
    }
}
