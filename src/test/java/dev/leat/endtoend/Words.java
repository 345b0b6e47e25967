package dev.leat.endtoend;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A topic of words and a producer that writes them: an id, which is also the Kafka key, and a word. Framed by hand, so
 * that a test says to which partition and in which transaction each goes.
 */
final class Words implements AutoCloseable {

    private static final String CONTRACT = """
            {"type": "record", "name": "Word", "namespace": "dev.leat.words",
             "fields": [{"name": "id", "type": "string"}, {"name": "word", "type": "string"}]}
            """;

    final String topic;
    final Admin admin;
    private final Scenario scenario;
    private final Schema schema = new Schema.Parser().parse(CONTRACT);
    private final int schemaId;
    private KafkaProducer<byte[], byte[]> producer;

    /** Makes the topic, and declares views {@code words_latest} and {@code words_log} of a stream {@code words}. */
    Words(Scenario scenario, int partitions, Map<String, String> topicSettings, String streamSettings) {
        this.scenario = scenario;
        this.topic = scenario.name + ".words";
        this.admin = Admin.create(Map.of("bootstrap.servers", scenario.stack.kafka()));
        create(partitions, topicSettings);
        declare(streamSettings);
        this.schemaId = Framed.register(scenario.stack, topic + "-value", CONTRACT);
    }

    /** @param streamSettings further settings of the stream, in YAML: {@code , from: latest} */
    void declare(String streamSettings) {
        try {
            Files.writeString(scenario.folder.resolve("word.avsc"), CONTRACT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        scenario.declare("""
                streams:
                  words: {topic: %s, contract: %s, key: id%s}
                views:
                  words_latest: {latest: words}
                  words_log: {log: words}
                """.formatted(topic, scenario.folder.resolve("word.avsc"), streamSettings));
    }

    /** The same stream with views of more kinds. */
    void declareAllKinds(String streamSettings) {
        declare(streamSettings);
        scenario.declare(scenario.declared() + """
                  words_history: {history: words}
                  words_keyed: {sql: "SELECT id, word FROM words WHERE word <> ''"}
                """);
    }

    void create(int partitions, Map<String, String> settings) {
        try {
            Scenario.create(admin, java.util.List.of(new NewTopic(topic, partitions, (short) 1).configs(settings)));
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A plain producer, or a transactional one with {@code transactional.id}. The one before is closed. */
    KafkaProducer<byte[], byte[]> producer(Map<String, Object> settings) {
        if (producer != null) {
            producer.close();
        }
        Map<String, Object> config = new HashMap<>(settings);
        config.put("bootstrap.servers", scenario.stack.kafka());
        producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
        if (settings.containsKey("transactional.id")) {
            producer.initTransactions();
        }
        return producer;
    }

    void send(int partition, String id, String word) {
        producer.send(record(partition, null, id, word));
    }

    /** @param timestamp Kafka's, in milliseconds since the epoch */
    void send(int partition, long timestamp, String id, String word) {
        producer.send(record(partition, timestamp, id, word));
    }

    /** To the first partition of another topic. */
    void sendTo(String otherTopic, String id, String word) {
        producer.send(new ProducerRecord<>(otherTopic, 0, id.getBytes(StandardCharsets.UTF_8), value(id, word)));
    }

    private ProducerRecord<byte[], byte[]> record(int partition, Long timestamp, String id, String word) {
        return new ProducerRecord<>(topic, partition, timestamp, id.getBytes(StandardCharsets.UTF_8), value(id, word));
    }

    byte[] value(String id, String word) {
        try {
            var record = new GenericData.Record(schema);
            record.put("id", id);
            record.put("word", word);
            var out = new ByteArrayOutputStream();
            out.write(0);
            out.write(ByteBuffer.allocate(4).putInt(schemaId).array());
            var encoder = EncoderFactory.get().directBinaryEncoder(out, null);
            new GenericDatumWriter<>(schema).write(record, encoder);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where each partition ends, markers of transactions included. */
    Map<Integer, Long> ends() {
        var partitions = get(admin.describeTopics(java.util.List.of(topic)).allTopicNames())
                .get(topic)
                .partitions();
        var ends = get(admin.listOffsets(partitions.stream()
                        .collect(Collectors.toMap(
                                p -> new TopicPartition(topic, p.partition()), p -> OffsetSpec.latest())))
                .all());
        return ends.entrySet().stream().collect(Collectors.toMap(e -> e.getKey().partition(), e -> e.getValue()
                .offset()));
    }

    /** What an autoscaler sees of the scenario's consumer group. */
    Map<Integer, Long> committed() {
        Map<TopicPartition, OffsetAndMetadata> offsets =
                get(admin.listConsumerGroupOffsets(scenario.name).partitionsToOffsetAndMetadata());
        return offsets.entrySet().stream()
                .filter(e -> e.getKey().topic().equals(topic) && e.getValue() != null)
                .collect(Collectors.toMap(
                        e -> e.getKey().partition(), e -> e.getValue().offset()));
    }

    static <T> T get(java.util.concurrent.Future<T> answer) {
        try {
            return answer.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        if (producer != null) {
            producer.close();
        }
        admin.close();
    }
}
