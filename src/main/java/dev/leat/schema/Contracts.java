package dev.leat.schema;

import dev.leat.failure.Failures;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.schema.contract.Contract;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.contract.SchemaHistory;
import dev.leat.schema.decode.TableLimits;
import dev.leat.schema.names.NameStore;
import dev.leat.schema.registry.CachingSchemaRegistry;
import dev.leat.schema.registry.RefusedVersion;
import dev.leat.schema.registry.RegistryConfig;
import dev.leat.schema.registry.RegistryOutage;
import dev.leat.schema.topic.ContractHistory;
import dev.leat.schema.topic.Inspection;
import dev.leat.schema.topic.RecordInspector;
import dev.leat.schema.topic.StreamContract;
import dev.leat.schema.topic.TopicDecoder;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.Shape;
import dev.leat.schema.wire.WireFormat;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;

/**
 * The contracts of all streams: registers those that the pipeline brings, learns the others from the registry, and
 * gives each lane its decoder. Blocks on the registry; never call it on an event loop.
 */
@ApplicationScoped
public class Contracts {

    private static final Logger LOG = Logger.getLogger(Contracts.class);

    private final CachingSchemaRegistry registry;
    private final Map<String, StreamContract> sources = new LinkedHashMap<>();
    private final Pipeline pipeline;
    private final KnownColumns known;
    private final ContractHistory history;
    private final ContractCheck check;
    private final RecordInspector inspector;
    private final RecordCost cost;
    private final NewestVersions newest;

    @Inject
    Contracts(
            Pipeline pipeline,
            RegistryConfig config,
            Vertx vertx,
            KnownColumns known,
            NameStore names,
            DecodeConfig decode,
            NewestVersions newest,
            Failures failures) {
        this(pipeline, CachingSchemaRegistry.of(config, vertx, failures), known, names, RecordCost.of(decode), newest);
    }

    Contracts(Pipeline pipeline, RegistryConfig config, Vertx vertx, KnownColumns known, NameStore names) {
        this(pipeline, CachingSchemaRegistry.of(config, vertx), known, names);
    }

    Contracts(Pipeline pipeline, CachingSchemaRegistry registry, KnownColumns known, NameStore names) {
        this(
                pipeline,
                registry,
                known,
                names,
                RecordCost.DEFAULT,
                new NewestVersions(new Failures(InstantSource.system())));
    }

    private Contracts(
            Pipeline pipeline,
            CachingSchemaRegistry registry,
            KnownColumns known,
            NameStore names,
            RecordCost cost,
            NewestVersions newest) {
        this.newest = newest;
        this.pipeline = pipeline;
        this.known = known;
        this.registry = registry;
        this.history = new ContractHistory(registry, names, known::dropped);
        this.check = new ContractCheck(registry);
        this.cost = cost;
        this.inspector = new RecordInspector(registry, cost.shown());
        pipeline.streams().values().forEach(stream -> sources.put(stream.name(), contract(stream)));
    }

    private StreamContract contract(Stream stream) {
        return new StreamContract(
                stream,
                TableLimits.of(pipeline.viewsOf(stream).stream()
                        .filter(View.History.class::isInstance)
                        .map(view -> pipeline.at(view, "history"))
                        .findFirst()
                        .orElse(null)));
    }

    /**
     * Starts with the columns that views have, registers the contracts that the pipeline brings under their subjects, and
     * learns the others from the registry. A stream without a contract learns it from its first event.
     *
     * @throws RegistryOutage when the registry doesn't answer; the call may be made again
     * @throws ContractException when a contract isn't fit for its stream or the registry refuses it
     */
    public void settle() {
        sources.values().forEach(source -> settle(source.stream()));
    }

    /** The same for one stream. May be called again, when its contract has changed. */
    public void settle(Stream stream) {
        StreamContract source = sources.get(stream.name());
        source.begin(known.of(stream.name()));
        Contract.key(stream).ifPresent(contract -> register(stream, contract));
        Contract.value(stream).ifPresent(contract -> {
            requireFit(source, contract);
            register(stream, contract);
        });
        learnHistory(source);
        requireOwnType(source);
    }

    /** The first of several would get all records, and the others none. */
    private void requireOwnType(StreamContract source) {
        pipeline.streamsOf(source.stream().topic()).stream()
                .takeWhile(other -> other != source.stream())
                .filter(other -> source.type().isPresent()
                        && source.type().equals(sources.get(other.name()).type()))
                .findFirst()
                .ifPresent(other -> {
                    throw new ContractException(source.stream().at("") + ": "
                            + Pipeline.hasTypeOf(other, source.type().get()));
                });
    }

    private void learnHistory(StreamContract source) {
        newest.learnt(source.stream(), history.learn(source));
    }

    /** Before it is registered: alone, and with the columns that the stream's views have. */
    private void requireFit(StreamContract source, Contract contract) {
        ContractCheck.requireRecord(contract(source.stream()), contract);
        if (source.shape().isPresent()) {
            learnHistory(source);
            ContractCheck.misfit(source, contract).ifPresent(unfit -> {
                throw new ContractException(
                        source.stream().at(contract.setting()) + ": " + contract.path() + " is unfit: " + unfit);
            });
        }
    }

    private void register(Stream stream, Contract contract) {
        try {
            registry.register(
                    contract.subject(), contract.avsc(), stream.contract().compatibility());
        } catch (RefusedVersion refusal) {
            throw new ContractException(stream.at(contract.setting())
                    + ": the registry refuses " + contract.path() + " as the next version of subject "
                    + contract.subject() + " under rule " + stream.contract().compatibility() + ": " + refusal.reason()
                    + inWords(check.changes(contract))
                    + "; change the contract so that it fits the rule, or set `compatibility:` of the stream");
        }
    }

    private static String inWords(List<String> changes) {
        return changes.isEmpty() ? "" : "; against the newest version, " + String.join("; ", changes);
    }

    /**
     * Asks for each contract that the pipeline brings whether it could be registered. Changes nothing.
     *
     * @throws RegistryOutage when the registry doesn't answer
     * @throws ContractException when a contract isn't fit for its stream
     */
    List<ContractCheck.Checked> check() {
        return sources.values().stream()
                .flatMap(source -> check.check(source, contract(source.stream())).stream())
                .toList();
    }

    /**
     * All versions that the registry has of this stream's values. Blocks.
     *
     * @throws RegistryOutage when the registry doesn't answer
     */
    public SchemaHistory history(Stream stream) {
        StreamContract source = sources.get(stream.name());
        return new Versions(registry, source).history(subject(source));
    }

    private static String subject(StreamContract source) {
        return Contract.subjectOf(source.stream(), source.type());
    }

    /** The columns of a stream as far as they are known; empty before its contract is. */
    public Optional<Shape> shape(Stream stream) {
        return sources.get(stream.name()).shape();
    }

    /**
     * Gives the stream columns that other instances have already seen. Without them, an event that lacks one would leave the
     * older value in its place. Blocks.
     *
     * @throws RegistryOutage when there are such columns, and the registry doesn't give their defaults
     */
    public void widen(Stream stream, List<Column> columns) {
        StreamContract source = sources.get(stream.name());
        if (source.lacks(columns)) {
            try {
                history.learn(source);
            } catch (ContractException unfit) {
                // The stream goes on: events of that version become dead letters that say why.
                LOG.debugf("not learnt stream=%s error=%s", stream.name(), unfit.getMessage());
            }
            source.widen(columns);
        }
    }

    /** A decoder for one lane of this topic. */
    public TopicDecoder decoder(String topic) {
        return new TopicDecoder(
                history,
                format(topic),
                pipeline.streamsOf(topic).stream()
                        .map(s -> sources.get(s.name()))
                        .toList(),
                cost.read());
    }

    /**
     * Looks at the bytes of a record's value, which mustn't be null, with the writer's schema alone. Blocks.
     *
     * @throws RegistryOutage when the registry doesn't answer
     */
    public Inspection inspectValue(ConsumerRecord<byte[], byte[]> record) {
        return inspector.value(record, format(record.topic()));
    }

    /** The same for its key. */
    public Inspection inspectKey(ConsumerRecord<byte[], byte[]> record) {
        return inspector.key(record, format(record.topic()));
    }

    /** Of a topic that has left the pipeline, the default format. */
    private WireFormat format(String topic) {
        List<Stream> streams = pipeline.streamsOf(topic);
        return new WireFormat(
                streams.isEmpty()
                        ? Stream.Ids.DEFAULT
                        : streams.getFirst().decoding().ids());
    }

    /** Asks the registry again for ids that it didn't know. */
    public void forgetUnknown() {
        registry.forgetUnknown();
    }
}
