package dev.leat.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.leat.stack.Database;
import dev.leat.stack.LocalStack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;

/** The local stack with durable Postgres, as all contenders of a run see it. */
record Servers(LocalStack stack) {

    private static final ObjectMapper JSON = new ObjectMapper();

    String kafka() {
        return stack.kafka();
    }

    /** The address that clients of Confluent's registry are given. */
    String confluentRegistry() {
        return stack.registry() + "/apis/ccompat/v7";
    }

    /** The address that Apicurio's converters of version 2 are given. */
    String apicurioRegistry() {
        return stack.registry() + "/apis/registry/v2";
    }

    void createTopic(String name, int partitions) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka()))) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1)))
                    .all()
                    .get();
            // created isn't ready: a producer whose first batch is refused may be stuck
            Map<TopicPartition, OffsetSpec> all = IntStream.range(0, partitions)
                    .boxed()
                    .collect(Collectors.toMap(p -> new TopicPartition(name, p), p -> OffsetSpec.latest()));
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(50))
                    .ignoreExceptions()
                    .until(() -> admin.listOffsets(all).all().get().size() == partitions);
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("cannot create topic " + name, e);
        }
    }

    void deleteTopic(String name) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka()))) {
            admin.deleteTopics(List.of(name)).all().get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("cannot delete topic " + name, e);
        }
    }

    Database createDatabase(String name) {
        return stack.createDatabase(name);
    }

    /** With whoever is still connected. */
    void dropDatabase(String name) {
        try (Postgres postgres = new Postgres(stack.postgres())) {
            postgres.execute("DROP DATABASE \"" + name + "\" WITH (FORCE)");
        }
    }

    /** The id of the contract under the subject. */
    int register(String subject, String contract) {
        try {
            String body = JSON.writeValueAsString(Map.of("schema", contract));
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create(confluentRegistry() + "/subjects/" + subject + "/versions"))
                    .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            try (HttpClient http = HttpClient.newHttpClient()) {
                String answer =
                        http.send(request, HttpResponse.BodyHandlers.ofString()).body();
                return JSON.readTree(answer).required("id").asInt();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot register " + subject, e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
