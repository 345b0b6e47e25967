package dev.leat.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.leat.stack.LocalStack;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.EncoderFactory;

/** Values as Confluent's clients frame them, with ids from the registry's Confluent-compatible API; no code of ours. */
final class Framed {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Framed() {}

    /** Registers under the subject, or finds what is there; the answer is the id. */
    static int register(LocalStack stack, String subject, String schema) {
        return register(stack, subject, schema, Map.of());
    }

    /** @param references subjects of the types that the schema only names, of which version 1 is meant, by those names */
    static int register(LocalStack stack, String subject, String schema, Map<String, String> references) {
        try {
            return registered(stack, subject, schema, references);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int registered(LocalStack stack, String subject, String schema, Map<String, String> references)
            throws IOException, InterruptedException {
        String body = JSON.writeValueAsString(Map.of(
                "schema",
                schema,
                "references",
                references.entrySet().stream()
                        .map(r -> Map.of("name", r.getKey(), "subject", r.getValue(), "version", 1))
                        .toList()));
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(
                                        stack.registry() + "/apis/ccompat/v7/subjects/" + subject + "/versions"))
                                .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        JsonNode json = JSON.readTree(answer.body());
        assertThat(answer.statusCode()).describedAs(answer.body()).isEqualTo(200);
        return json.get("id").asInt();
    }

    /** A zero byte, the id in 4 bytes, the record. */
    static byte[] bytes(int id, byte[] record) {
        return ByteBuffer.allocate(5 + record.length)
                .put((byte) 0)
                .putInt(id)
                .put(record)
                .array();
    }

    /** Avro's binary encoding of a value, by Avro itself. */
    static byte[] encoded(Schema schema, Object value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            var encoder = EncoderFactory.get().binaryEncoder(out, null);
            new GenericDatumWriter<>(schema).write(value, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
