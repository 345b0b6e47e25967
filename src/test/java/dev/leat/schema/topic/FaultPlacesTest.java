package dev.leat.schema.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.PipelineFiles;
import dev.leat.schema.contract.Contract;
import dev.leat.schema.contract.ContractException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a contract shows to be wrong in the pipeline is said with its file and line, as what the file alone shows. */
class FaultPlacesTest {

    private static final Schema EVENT = new Schema.Parser().parse("""
            {"type": "record", "name": "Event", "namespace": "t", "fields": [
              {"name": "id", "type": "string"},
              {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
              {"name": "amount", "type": "double"},
              {"name": "tags", "type": {"type": "array", "items": "string"}}]}
            """);

    @TempDir
    private Path folder;

    private Pipeline read(String yaml) throws IOException {
        return PipelineFiles.read(
                Files.writeString(folder.resolve("pipeline.yaml"), yaml).toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            key: nope                              | key: expected the name of a field with a simple value, but `nope`
            key: tags                              | key: expected the name of a field with a simple value, but `tags`
            event-time: nope                       | event-time: expected the name of
            deduplicate: {by: nope, within: 1d}    | deduplicate.by: expected the name of a field with a simple value
            """)
    void a_field_that_the_contract_lacks(String setting, String message) throws IOException {
        StreamContract contract = new StreamContract(
                read("streams:\n  events:\n    topic: t\n    " + setting + "\nviews: {v: {log: events}}\n").stream(
                        "events"));

        assertThatThrownBy(() -> contract.learn(EVENT))
                .isInstanceOf(ContractException.class)
                .hasMessageStartingWith(folder.resolve("pipeline.yaml") + ":4: streams.events." + message)
                .hasMessageContaining("which has id, at, amount, tags");
    }

    @Test
    void an_event_time_that_no_time_can_be_read_from() throws IOException {
        StreamContract contract = new StreamContract(
                read("streams:\n  events:\n    topic: t\n    event-time: tags\nviews: {v: {log: events}}\n").stream(
                        "events"));

        assertThatThrownBy(() -> contract.learn(EVENT))
                .isInstanceOf(ContractException.class)
                .hasMessage(folder.resolve("pipeline.yaml")
                        + ":4: streams.events.event-time: `tags` is text[], which no time"
                        + " can be read from; expected a timestamp, a date, or a whole number with its `unit:`");
    }

    @Test
    void a_subject_is_named_for_its_contracts_record_before_any_version_is_learnt() throws IOException {
        Path contract = Files.writeString(folder.resolve("event.avsc"), EVENT.toString());
        Pipeline pipeline = read("streams:\n  events: {topic: t, contract: " + contract + ", subject: topic-record}\n"
                + "views: {v: {log: events}}\n");

        assertThat(Contract.subjectOf(pipeline.stream("events"), Optional.empty()))
                .isEqualTo("t-t.Event");
    }

    @Test
    void a_key_of_the_wrong_format() throws IOException {
        StreamContract contract =
                new StreamContract(read(
                        "streams:\n  events:\n    topic: t\n    key: id\n    key-format: long\nviews: {v: {log: events}}\n")
                        .stream("events"));

        assertThatThrownBy(() -> contract.learn(EVENT))
                .hasMessageStartingWith(
                        folder.resolve("pipeline.yaml") + ":5: streams.events.key-format: a key of format");
    }

    @Test
    void a_contract_that_isnt_there_or_isnt_avro() throws IOException {
        Path wrong = Files.writeString(folder.resolve("wrong.avsc"), "{}");
        Pipeline pipeline =
                read("streams:\n  a:\n    topic: a\n    contract: nowhere.avsc\n  b:\n    topic: b\n    key-contract: "
                        + wrong + "\nviews: {v: {log: a}}\n");

        assertThatThrownBy(() -> Contract.value(pipeline.stream("a")))
                .hasMessage(folder.resolve("pipeline.yaml")
                        + ":4: streams.a.contract: there is neither a file nor a resource `nowhere.avsc`");
        assertThatThrownBy(() -> Contract.key(pipeline.stream("b")))
                .hasMessageStartingWith(folder.resolve("pipeline.yaml") + ":7: streams.b.key-contract: " + wrong
                        + " is no Avro schema");
    }

    @Test
    void every_contract_that_the_pipeline_names_is_looked_for() throws IOException {
        Path there = Files.writeString(folder.resolve("there.avsc"), "not looked into");
        String stream = "streams:\n  a:\n    topic: a\n    contract: " + there + "\n";
        String view = "views:\n  v:\n    sql: SELECT * FROM a\n    to-topic:\n      topic: b\n      contract: ";

        Contract.requireFiles(read(stream + view + there + "\n"));
        assertThatThrownBy(() -> Contract.requireFiles(read(stream + view + "nowhere.avsc\n")))
                .isInstanceOf(ContractException.class)
                .hasMessage(folder.resolve("pipeline.yaml")
                        + ":9: views.v.to-topic.contract: there is neither a file nor a resource `nowhere.avsc`");
        assertThatThrownBy(() ->
                        Contract.requireFiles(read(stream + "    key-contract: nowhere.avsc\n" + view + there + "\n")))
                .hasMessage(folder.resolve("pipeline.yaml")
                        + ":5: streams.a.key-contract: there is neither a file nor a resource `nowhere.avsc`");
    }

    /** {@code Stream.at} and {@code Pipeline.at} know file and line; a text put together from a name doesn't. */
    @Test
    void no_complaint_about_a_stream_or_a_fold_is_without_its_place() throws IOException {
        Pattern placeless = Pattern.compile("Exception\\(\\s*\"streams\\.\"|Exception\\(\\s*\"views\\.\"");
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java/dev/leat"))) {
            assertThat(sources.filter(file -> file.toString().endsWith(".java"))
                            // EmittedRows puts the SELECT's place before what these say.
                            .filter(file -> !file.getParent().endsWith("schema/emit"))
                            .filter(file -> {
                                try {
                                    return placeless
                                            .matcher(Files.readString(file))
                                            .find();
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            }))
                    .isEmpty();
        }
    }
}
