package dev.leat.schema.contract;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/**
 * A contract that the pipeline brings.
 *
 * @param setting of the stream that names it
 * @param path file or class path resource
 * @param avsc the text as it is: parsed and printed again, it would be another version of the same contract
 */
public record Contract(String setting, String path, String subject, String avsc, Schema schema) {

    /**
     * Looks for each contract that the pipeline names, and doesn't read them.
     *
     * @throws ContractException when there is none
     */
    public static void requireFiles(Pipeline pipeline) {
        pipeline.streams().values().forEach(stream -> {
            stream.contract().file().ifPresent(path -> requireFile(stream.at("contract"), path));
            stream.contract().keyFile().ifPresent(path -> requireFile(stream.at("key-contract"), path));
        });
        pipeline.views().values().forEach(view -> {
            if (view instanceof View.Sql sql) {
                sql.toTopic()
                        .flatMap(View.ToTopic::contract)
                        .ifPresent(path -> requireFile(pipeline.at(view, "to-topic.contract"), path));
            }
        });
    }

    private static void requireFile(String at, String path) {
        try (InputStream in = open(path)) {
            if (in == null) {
                throw missing(at, path);
            }
        } catch (IOException e) {
            throw unreadable(at, path, e);
        }
    }

    private static ContractException missing(String at, String path) {
        return new ContractException(at + ": there is neither a file nor a resource `" + path + "`");
    }

    private static ContractException unreadable(String at, String path, IOException e) {
        return new ContractException(at + ": " + path + " can't be read: " + e.getMessage());
    }

    /** @throws ContractException when it can't be read or is no Avro schema */
    public static Optional<Contract> value(Stream stream) {
        return stream.contract().file().map(path -> {
            Contract read = read(stream.at("contract"), "contract", path, "");
            Optional<String> type = stream.contract().type().or(() -> Optional.of(read.schema())
                    .filter(schema -> schema.getType() == Schema.Type.RECORD)
                    .map(Schema::getFullName));
            return new Contract(read.setting(), path, valueSubject(stream, type), read.avsc(), read.schema());
        });
    }

    /**
     * The subject of the stream's values, named as the stream says.
     *
     * @param learnt the record type that versions in the registry have; before any is learnt, the contract's own tells
     */
    public static String subjectOf(Stream stream, Optional<String> learnt) {
        return value(stream).map(Contract::subject).orElseGet(() -> valueSubject(stream, learnt));
    }

    /** @param type the parser sees to it that it is known where it is needed */
    private static String valueSubject(Stream stream, Optional<String> type) {
        return switch (stream.contract().subject()) {
            case TOPIC -> stream.topic() + "-value";
            case RECORD -> type.orElseThrow();
            case TOPIC_RECORD -> stream.topic() + "-" + type.orElseThrow();
        };
    }

    /** @throws ContractException when it can't be read or is no Avro schema */
    public static Optional<Contract> key(Stream stream) {
        return stream.contract()
                .keyFile()
                .map(path -> read(stream.at("key-contract"), "key-contract", path, stream.topic() + "-key"));
    }

    /**
     * A contract that anything of the pipeline brings.
     *
     * @param at where the setting is, as {@code pipeline.yaml:7: streams.rides.contract}
     * @throws ContractException when it can't be read or is no Avro schema
     */
    public static Contract read(String at, String setting, String path, String subject) {
        try (InputStream in = open(path)) {
            if (in == null) {
                throw missing(at, path);
            }
            String avsc = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new Contract(setting, path, subject, avsc, new Schema.Parser().parse(avsc));
        } catch (IOException e) {
            throw unreadable(at, path, e);
        } catch (AvroRuntimeException e) {
            throw new ContractException(at + ": " + path + " is no Avro schema: " + e.getMessage());
        }
    }

    private static InputStream open(String path) throws IOException {
        Path file = Path.of(path);
        return Files.isRegularFile(file)
                ? Files.newInputStream(file)
                : Thread.currentThread().getContextClassLoader().getResourceAsStream(path);
    }
}
