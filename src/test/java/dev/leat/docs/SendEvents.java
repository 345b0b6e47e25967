package dev.leat.docs;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.io.JsonDecoder;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Sends a file's events to a topic, for somebody who tries a pipeline of his own ({@code docs/own-topic.md}); {@code pom.xml}
 * runs it. The file has events in Avro's JSON. Values are framed as Apicurio's and Confluent's serializers do it, keys are
 * text.
 *
 * <p>Where the servers are is said by {@code target/stack/dev.properties}, which {@code quarkus:dev} writes, or by {@code
 * kafka.bootstrap.servers} and {@code leat.registry.url}.
 */
public final class SendEvents {

    private static final Path DEV = Path.of("target/stack/dev.properties");
    private static final ObjectMapper JSON = new ObjectMapper();

    private SendEvents() {}

    /** Arguments: topic, subject, path of the contract, name of the key's field, path of the events. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        String topic = arguments[0];
        String avsc = Files.readString(Path.of(arguments[2]));
        Schema schema = new Schema.Parser().parse(avsc);
        int id = register(arguments[1], avsc);
        int sent = 0;
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", setting("kafka.bootstrap.servers", "localhost:9092")),
                new StringSerializer(),
                new ByteArraySerializer())) {
            JsonDecoder events = DecoderFactory.get().jsonDecoder(schema, Files.readString(Path.of(arguments[4])));
            var reader = new GenericDatumReader<GenericRecord>(schema);
            for (GenericRecord event = next(reader, events); event != null; event = next(reader, events)) {
                String key = event.get(arguments[3]).toString();
                producer.send(new ProducerRecord<>(topic, key, framed(id, event)));
                sent++;
            }
        }
        System.out.println("sent " + sent + " events to " + topic);
    }

    private static GenericRecord next(GenericDatumReader<GenericRecord> reader, JsonDecoder events) throws IOException {
        try {
            return reader.read(null, events);
        } catch (EOFException end) {
            return null;
        }
    }

    private static byte[] framed(int id, GenericRecord event) throws IOException {
        var bytes = new ByteArrayOutputStream();
        bytes.write(0);
        bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(id).array());
        var encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        new GenericDatumWriter<GenericRecord>(event.getSchema()).write(event, encoder);
        return bytes.toByteArray();
    }

    /** As a version of the subject, unless it is one already. Returns the schema's content id. */
    private static int register(String subject, String avsc) throws IOException, InterruptedException {
        String registry = setting("leat.registry.url", "http://localhost:8081/apis/registry/v3");
        var body = Map.of(
                "artifactId",
                subject,
                "artifactType",
                "AVRO",
                "firstVersion",
                Map.of("content", Map.of("content", avsc, "contentType", "application/json")));
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(registry + "/groups/default/artifacts?ifExists=FIND_OR_CREATE_VERSION"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException("the registry refuses the contract: " + answer.body());
            }
            return JSON.readTree(answer.body()).at("/version/contentId").asInt();
        }
    }

    private static String setting(String name, String standard) throws IOException {
        Properties dev = new Properties();
        if (Files.exists(DEV)) {
            try (var in = Files.newBufferedReader(DEV)) {
                dev.load(in);
            }
        }
        return System.getProperty(name, dev.getProperty("%dev." + name, standard));
    }
}
