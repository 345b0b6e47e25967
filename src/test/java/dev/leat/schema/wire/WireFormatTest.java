package dev.leat.schema.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.pipeline.Stream.Ids;
import dev.leat.schema.registry.SchemaId;
import dev.leat.schema.wire.WireFormat.Named;
import io.apicurio.registry.resolver.strategy.ArtifactReference;
import io.apicurio.registry.serde.Default4ByteIdHandler;
import io.apicurio.registry.serde.IdHandler;
import io.apicurio.registry.serde.Legacy8ByteIdHandler;
import io.apicurio.registry.serde.kafka.headers.DefaultHeadersHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Ids are written by Apicurio's own handlers. */
class WireFormatTest {

    private static final long LARGE = 0xfedc_ba98L;
    private static final ArtifactReference REFERENCE = ArtifactReference.builder()
            .groupId("default")
            .artifactId("events-value")
            .version("1")
            .contentId(LARGE)
            .globalId(7L)
            .build();
    private static final Map<String, Object> CONTENT = Map.of();
    private static final Map<String, Object> GLOBAL = Map.of("apicurio.registry.use-id", "globalId");

    @Test
    void an_id_of_4_bytes_is_read_as_apicurio_writes_it() throws IOException {
        // Given
        var record = record(framed(new Default4ByteIdHandler(), CONTENT), null);

        // When
        Named named = new WireFormat(Ids.DEFAULT).value(packed(record), 0);

        // Then
        assertThat(named).isEqualTo(new Named(SchemaId.content(LARGE), 5));
    }

    @Test
    void an_id_of_8_bytes_is_read_as_apicurio_writes_it() throws IOException {
        // Given
        var record = record(framed(new Legacy8ByteIdHandler(), GLOBAL), null);

        // When
        Named named = new WireFormat(new Ids(Ids.Kind.GLOBAL, 8)).value(packed(record), 0);

        // Then
        assertThat(named).isEqualTo(new Named(SchemaId.global(7), 9));
    }

    @Test
    void an_id_in_a_header_goes_before_what_looks_like_one_in_front() {
        // Given a record whose Avro bytes begin with a zero
        var content = record(new byte[] {0, 0, 0, 0, 1, 2}, null);
        headers(CONTENT, false).writeHeaders(content.headers(), REFERENCE);
        var global = record(new byte[] {0, 0, 0, 0, 1, 2}, null);
        headers(GLOBAL, false).writeHeaders(global.headers(), REFERENCE);

        // When
        WireFormat format = new WireFormat(Ids.DEFAULT);

        // Then
        assertThat(format.value(packed(content), 0)).isEqualTo(new Named(SchemaId.content(LARGE), 0));
        assertThat(format.value(packed(global), 0)).isEqualTo(new Named(SchemaId.global(7), 0));
    }

    @Test
    void a_key_and_a_value_have_headers_of_their_own() throws IOException {
        // Given
        var record = record(framed(new Default4ByteIdHandler(), CONTENT), new byte[] {4});
        headers(GLOBAL, true).writeHeaders(record.headers(), REFERENCE);

        // When
        WireFormat format = new WireFormat(Ids.DEFAULT);

        // Then
        assertThat(format.key(packed(record), 0)).isEqualTo(new Named(SchemaId.global(7), 0));
        assertThat(format.value(packed(record), 0)).isEqualTo(new Named(SchemaId.content(LARGE), 5));
    }

    @Test
    void what_names_no_schema_is_told_why() {
        // Given
        WireFormat format = new WireFormat(new Ids(Ids.Kind.CONTENT, 8));
        var guid = record(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 1, 2}, null);
        guid.headers().add("__value_schema_id", new byte[17]);
        var json = record(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 1, 2}, null);
        json.headers().add("apicurio.value.encoding", "JSON".getBytes(StandardCharsets.UTF_8));

        // When, then
        assertThat(format.value(packed(guid), 0)).isNull();
        assertThat(format.whyValueNamesNone(packed(guid), 0))
                .isEqualTo("header __value_schema_id names the schema by a GUID, which can't be looked up here; let the"
                        + " producer put the id in front of the value");
        assertThat(format.value(packed(json), 0)).isNull();
        assertThat(format.whyValueNamesNone(packed(json), 0))
                .isEqualTo("the value is encoded as JSON, as header apicurio.value.encoding says, and only Avro's"
                        + " binary encoding is read");
        assertThat(format.whyValueNamesNone(packed(record(new byte[8], null)), 0))
                .isEqualTo("the value has 8 bytes, too few for a schema id");
        assertThat(format.whyKeyNamesNone(packed(record(null, "some long key".getBytes(StandardCharsets.UTF_8))), 0))
                .isEqualTo("the key begins with byte 115, not with 0 and a schema id");
    }

    @Test
    void a_run_of_one_schema_names_it_with_one_object() throws IOException {
        // Given
        WireFormat format = new WireFormat(Ids.DEFAULT);
        byte[] value = framed(new Default4ByteIdHandler(), CONTENT);

        // When
        Records run = Records.of(List.of(record(value, null), record(value.clone(), null)));
        Named first = format.value(run, 0);
        Named second = format.value(run, 1);

        // Then
        assertThat(second).isSameAs(first);
    }

    private static byte[] framed(IdHandler handler, Map<String, Object> config) throws IOException {
        handler.configure(config, false);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0);
        handler.writeId(REFERENCE, out);
        out.write(2);
        return out.toByteArray();
    }

    private static DefaultHeadersHandler headers(Map<String, Object> config, boolean isKey) {
        DefaultHeadersHandler handler = new DefaultHeadersHandler();
        handler.configure(config, isKey);
        return handler;
    }

    /** Behind another one, so that nothing begins where the bytes do. */
    private static Records packed(ConsumerRecord<byte[], byte[]> record) {
        return Records.of(List.of(record(new byte[] {9}, new byte[] {8}), record))
                .slice(1, 2);
    }

    private static ConsumerRecord<byte[], byte[]> record(byte[] value, byte[] key) {
        return new ConsumerRecord<>("topic", 0, 0, key, value);
    }
}
