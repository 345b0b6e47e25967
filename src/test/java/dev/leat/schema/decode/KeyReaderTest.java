package dev.leat.schema.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.pipeline.Stream;
import dev.leat.pipeline.Stream.Ids;
import dev.leat.pipeline.Stream.KeyFormat;
import dev.leat.pipeline.StreamFixture;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.registry.FakeRegistry;
import dev.leat.schema.topic.StreamContract;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Vector;
import dev.leat.schema.wire.Records;
import dev.leat.schema.wire.WireFormat;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.IntegerSerializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.serialization.UUIDSerializer;
import org.junit.jupiter.api.Test;

/** Keys are written by Kafka's own serializers. */
class KeyReaderTest {

    private static final UUID ID = UUID.fromString("0f8fad5b-d9cb-469f-a165-70867728950e");

    private final FakeRegistry registry = new FakeRegistry();

    @Test
    void a_key_of_kafkas_serializers_is_read_as_declared() {
        assertThat(read(KeyFormat.STRING, "\"string\"", new StringSerializer().serialize("t", "ü"))
                        .objectAt(0))
                .isEqualTo("ü");
        assertThat(read(KeyFormat.LONG, "\"long\"", new LongSerializer().serialize("t", -2L))
                        .longAt(0))
                .isEqualTo(-2);
        assertThat(read(KeyFormat.INT, "\"int\"", new IntegerSerializer().serialize("t", 3))
                        .longAt(0))
                .isEqualTo(3);
        assertThat(read(KeyFormat.INT, "\"long\"", new IntegerSerializer().serialize("t", -3))
                        .longAt(0))
                .isEqualTo(-3);
        assertThat(read(
                                KeyFormat.UUID,
                                "{\"type\": \"string\", \"logicalType\": \"uuid\"}",
                                new UUIDSerializer().serialize("t", ID))
                        .objectAt(0))
                .isEqualTo(ID);
        byte[] bits = ByteBuffer.allocate(16)
                .putLong(ID.getMostSignificantBits())
                .putLong(ID.getLeastSignificantBits())
                .array();
        assertThat(read(KeyFormat.UUID, "\"string\"", bits).objectAt(0)).isEqualTo(ID.toString());
        assertThat((byte[])
                        read(KeyFormat.BYTES, "\"bytes\"", new byte[] {0, 1}).objectAt(0))
                .containsExactly(0, 1);
    }

    @Test
    void a_text_that_looks_like_framed_avro_is_a_text_where_that_is_declared() {
        // When
        Vector id = read(KeyFormat.STRING, "\"string\"", new byte[] {0, 0, 0, 0, 1, 65});

        // Then
        assertThat(id.objectAt(0)).isEqualTo("\0\0\0\0\u0001A");
        assertThat(registry.calls).isZero();
    }

    @Test
    void an_avro_value_alone_is_a_key_of_one_field() {
        // Given
        registry.byId.put(4L, Schema.create(Schema.Type.LONG));

        // When
        Vector id = read(KeyFormat.AVRO, "\"long\"", new byte[] {0, 0, 0, 0, 4, 10});

        // Then
        assertThat(id.longAt(0)).isEqualTo(5);
    }

    @Test
    void a_key_of_another_format_is_told_apart_by_its_bytes() {
        assertThat(problem(KeyFormat.LONG, "\"long\"", new byte[5]))
                .contains("the key can't be read: a long has 8 bytes, and it has 5");
        assertThat(problem(KeyFormat.INT, "\"int\"", new byte[8]))
                .contains("the key can't be read: an int has 4 bytes, and it has 8");
        assertThat(problem(KeyFormat.UUID, "\"string\"", new byte[5]))
                .contains("the key can't be read: it is neither the text of a uuid nor its 16 bytes");
        assertThat(problem(KeyFormat.AVRO, "\"string\"", new byte[] {65}))
                .contains("the key can't be read: the key has 1 bytes, too few for a schema id");
        assertThat(problem(null, "\"long\"", new byte[] {65}))
                .contains("the key can't be read: it is neither framed Avro nor the text of a single text column");
    }

    @Test
    void a_format_that_the_key_column_cant_hold_is_refused_at_start() {
        // Given
        StreamContract source = new StreamContract(stream(KeyFormat.LONG));

        // When, then
        assertThatThrownBy(() -> source.learn(contract("\"string\"")))
                .isInstanceOf(ContractException.class)
                .hasMessage("streams.events.key-format: a key of format long doesn't fit column id, which is text");
    }

    private Vector read(KeyFormat format, String type, byte[] key) {
        Rows rows = rows(format, type);
        assertThat(keys().read(record(key), 0, rows.stream(), rows)).isEmpty();
        assertThat(rows.vector("other").isNull(0)).isTrue();
        return rows.vector("id");
    }

    private Optional<String> problem(KeyFormat format, String type, byte[] key) {
        Rows rows = rows(format, type);
        return keys().read(record(key), 0, rows.stream(), rows);
    }

    private KeyReader keys() {
        return new KeyReader(registry, new WireFormat(Ids.DEFAULT));
    }

    private static Rows rows(KeyFormat format, String type) {
        StreamContract source = new StreamContract(stream(format));
        source.learn(contract(type));
        return new Rows(source.stream(), source.shape().orElseThrow(), 0);
    }

    private static Schema contract(String type) {
        return new Schema.Parser()
                .parse(
                        "{\"type\": \"record\", \"name\": \"Event\", \"fields\": [{\"name\": \"other\", \"type\": \"int\"},"
                                + " {\"name\": \"id\", \"type\": " + type + "}]}");
    }

    private static Stream stream(KeyFormat format) {
        StreamFixture fixture = new StreamFixture("events", "topic").key("id");
        return (format == null ? fixture : fixture.keyFormat(format)).build();
    }

    private static Records record(byte[] key) {
        return Records.of(List.of(new ConsumerRecord<>("topic", 0, 0, key, null)));
    }
}
