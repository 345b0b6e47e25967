package dev.leat.schema.emit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.pipeline.Stream;
import dev.leat.pipeline.StreamFixture;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.topic.AvroRows;
import dev.leat.schema.topic.RideEvents;
import dev.leat.schema.types.Rows;
import dev.leat.taxi.PaymentMethod;
import dev.leat.taxi.RidePaid;
import dev.leat.taxi.RideRequested;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.apache.avro.Conversions;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/** Written by Avro under the schema of some producer, decoded to columns, read as the class that this build has. */
class EventReaderTest {

    private static final Instant AT = Instant.parse("2026-02-01T08:00:00.123Z");
    private static final Stream STREAM =
            new StreamFixture("events", "topic").key("ride_id").build();

    @Test
    void an_event_comes_back_as_it_was_written() {
        // Given
        RideEvents events = new RideEvents(List.of(paidStream()));
        RidePaid written = new RidePaid("r1", AT, new BigDecimal("12.50"), PaymentMethod.CASH);

        // When
        Rows rows = events.rows(paidStream(), written);

        // Then
        assertThat(new EventReader(RidePaid.class, Stream.Nested.FLAT).read(rows, 0))
                .isEqualTo(written);
    }

    @Test
    void
            a_field_that_the_writer_does_not_know_has_the_default_of_the_class_and_one_that_the_class_does_not_know_is_left_out() {
        // Given
        Schema other = schema("""
                {"name": "requested_at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
                {"name": "shared", "type": "boolean"},
                {"name": "pu_location_id", "type": "int"}""", "RideRequested");
        GenericRecord record = record(other, "r1", AT.toEpochMilli(), true, 4);

        // When
        Rows rows = new AvroRows(STREAM).rows(record);

        // Then
        assertThat(new EventReader(RideRequested.class, Stream.Nested.FLAT).read(rows, 0))
                .isEqualTo(new RideRequested("r1", AT, 4, null));
    }

    @Test
    void a_symbol_that_the_class_does_not_have_is_its_default() {
        // When
        Rows rows = new AvroRows(STREAM).rows(payment("CRYPTO", "timestamp-millis", AT.toEpochMilli()));

        // Then
        assertThat(new EventReader(RidePaid.class, Stream.Nested.FLAT).read(rows, 0))
                .isEqualTo(new RidePaid("r1", AT, new BigDecimal("1.00"), PaymentMethod.UNKNOWN));
    }

    @Test
    void times_of_another_unit_are_the_same_times_unless_they_are_finer() {
        // Given
        EventReader reader = new EventReader(RidePaid.class, Stream.Nested.FLAT);
        long micros = AT.toEpochMilli() * 1000;

        // When
        Rows rows = new AvroRows(STREAM)
                .rows(payment("CARD", "timestamp-micros", micros), payment("CARD", "timestamp-micros", micros + 1));

        // Then
        assertThat(((RidePaid) reader.read(rows, 0)).getPaidAt()).isEqualTo(AT);
        assertThatThrownBy(() -> reader.read(rows, 1))
                .isInstanceOf(Unreadable.class)
                .hasMessage("it can't be read as dev.leat.taxi.RidePaid: a time is finer than the milliseconds that"
                        + " the class has");
    }

    @Test
    void a_type_that_the_class_can_not_hold_is_refused() {
        // Given
        Schema promoted = schema("""
                {"name": "requested_at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
                {"name": "pu_location_id", "type": "long"}""", "RideRequested");

        // When
        Rows rows = new AvroRows(STREAM).rows(record(promoted, "r1", AT.toEpochMilli(), 4L));

        // Then
        EventReader reader = new EventReader(RideRequested.class, Stream.Nested.FLAT);
        assertThatThrownBy(() -> reader.require(rows.shape()))
                .isInstanceOf(ContractException.class)
                .hasMessage("column pu_location_id is bigint, but the class has integer there and can't hold it;"
                        + " generate the class from the newest contract");
        assertThatThrownBy(() -> reader.read(rows, 0)).isInstanceOf(Unreadable.class);
    }

    @Test
    void a_field_that_no_event_ever_had_and_that_has_no_default_is_refused() {
        // Given
        Schema lacking = schema("{\"name\": \"pu_location_id\", \"type\": \"int\"}", "RideRequested");

        // When
        Rows rows = new AvroRows(STREAM).rows(record(lacking, "r1", 4));

        // Then
        assertThatThrownBy(() -> new EventReader(RideRequested.class, Stream.Nested.FLAT).require(rows.shape()))
                .isInstanceOf(ContractException.class)
                .hasMessage("the stream has no column requested_at, and requested_at has no default; the class has a"
                        + " field that events never had");
    }

    private static Stream paidStream() {
        return new StreamFixture("ride_paid", "rides")
                .type("dev.leat.taxi.RidePaid")
                .key("ride_id")
                .build();
    }

    private static GenericRecord payment(String method, String unit, long at) {
        Schema schema = schema("""
                {"name": "paid_at", "type": {"type": "long", "logicalType": "%s"}},
                {"name": "amount", "type": {"type": "bytes", "logicalType": "decimal", "precision": 8, "scale": 2}},
                {"name": "method", "type": {"type": "enum", "name": "PaymentMethod", "symbols": ["CARD", "CRYPTO"]}}""".formatted(unit), "RidePaid");
        Schema amount = schema.getField("amount").schema();
        return record(
                schema,
                "r1",
                at,
                new Conversions.DecimalConversion().toBytes(new BigDecimal("1.00"), amount, amount.getLogicalType()),
                new GenericData.EnumSymbol(schema.getField("method").schema(), method));
    }

    private static Schema schema(String fields, String name) {
        return new Schema.Parser()
                .parse("{\"type\": \"record\", \"namespace\": \"dev.leat.taxi\", \"name\": \"" + name
                        + "\", \"fields\": [{\"name\": \"ride_id\", \"type\": \"string\"}, " + fields + "]}");
    }

    private static GenericRecord record(Schema schema, Object... values) {
        GenericRecord record = new GenericData.Record(schema);
        for (int i = 0; i < values.length; i++) {
            record.put(i, values[i]);
        }
        return record;
    }
}
