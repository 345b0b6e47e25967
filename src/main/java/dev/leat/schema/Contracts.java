package dev.leat.schema;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.schema.contract.Contract;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.contract.Misfit;
import dev.leat.schema.contract.SchemaChanges;
import dev.leat.schema.contract.SchemaHistory;
import dev.leat.schema.registry.ApicurioSchemaRegistry;
import dev.leat.schema.registry.CachingSchemaRegistry;
import dev.leat.schema.registry.RefusedVersion;
import dev.leat.schema.registry.RegistryConfig;
import dev.leat.schema.registry.RegistryOutage;
import dev.leat.schema.registry.SchemaId;
import dev.leat.schema.registry.Subject;
import dev.leat.schema.topic.Inspection;
import dev.leat.schema.topic.StreamContract;
import dev.leat.schema.topic.TopicDecoder;
import dev.leat.schema.types.AvroCursor;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.JsonValue;
import dev.leat.schema.types.Shape;
import dev.leat.schema.wire.Records;
import dev.leat.schema.wire.WireFormat;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;
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

    Contracts(Pipeline pipeline, RegistryConfig config, Vertx vertx, KnownColumns known) {
        this.pipeline = pipeline;
        this.known = known;
        this.registry = new CachingSchemaRegistry(new ApicurioSchemaRegistry(config, vertx), config, Clock.systemUTC());
        pipeline.streams().forEach((name, stream) -> sources.put(name, new StreamContract(stream)));
    }

    /**
     * Begins with the columns that views have, registers the contracts that the pipeline brings under their subjects,
     * and learns what the registry already has of the others. A stream without a contract yet learns it from its first event.
     *
     * @throws RegistryOutage when the registry doesn't answer; the call may be made again
     * @throws ContractException when a contract isn't fit for its stream or the registry refuses it
     */
    public void settle() {
        for (StreamContract source : sources.values()) {
            Stream stream = source.stream();
            source.begin(known.of(stream.name()));
            Contract.key(stream).ifPresent(contract -> register(stream, contract));
            Contract.value(stream).ifPresent(contract -> {
                learn(source, contract);
                register(stream, contract);
            });
            // It may be younger than the contract that the pipeline brings.
            registry.latest(subject(source)).ifPresent(latest -> learnLatest(source, latest));
        }
    }

    /** A version that doesn't fit the views that stand is no reason not to start: older versions, and other streams, go on. */
    private static void learnLatest(StreamContract source, Schema latest) {
        try {
            source.learnSubject(latest);
        } catch (Misfit misfit) {
            LOG.warnf(
                    "the newest contract is unfit: its events become dead letters stream=%s error=%s",
                    source.stream().name(), misfit.getMessage());
        }
    }

    private void register(Stream stream, Contract contract) {
        try {
            registry.register(
                    contract.subject(), contract.avsc(), stream.contract().compatibility());
        } catch (RefusedVersion refusal) {
            throw new ContractException("streams." + stream.name() + "." + contract.setting()
                    + ": the registry refuses " + contract.path() + " as the next version of subject "
                    + contract.subject() + " under rule " + stream.contract().compatibility() + ": " + refusal.reason()
                    + inWords(changes(contract))
                    + "; change the contract so that it fits the rule, or set `compatibility:` of the stream");
        }
    }

    private static String inWords(List<String> changes) {
        return changes.isEmpty() ? "" : "; against the newest version, " + String.join("; ", changes);
    }

    private List<String> changes(Contract contract) {
        return registry.latest(contract.subject())
                .map(latest -> SchemaChanges.between(latest, contract.schema()))
                .orElse(List.of());
    }

    /**
     * What would come of a contract that the pipeline brings.
     *
     * @param changes against the newest version of the subject, in words; empty also where there is none
     * @param refusal the registry's reason, or why the stream's views couldn't hold its events; empty when neither
     */
    record Checked(String stream, String path, String subject, List<String> changes, Optional<String> refusal) {}

    /**
     * Asks for each contract that the pipeline brings whether the registry would take it, under the rule that its subject
     * has now, and whether columns that were made for the newest version can hold its values. Changes nothing.
     *
     * @throws ContractException when a contract isn't fit for its stream
     */
    List<Checked> check() {
        List<Checked> checked = new ArrayList<>();
        for (StreamContract source : sources.values()) {
            Stream stream = source.stream();
            Contract.value(stream).ifPresent(contract -> {
                // Alone first: without what older versions have, it must still be fit for the stream.
                learn(new StreamContract(stream), contract);
                registry.latest(contract.subject()).ifPresent(source::learnSubject);
                Optional<String> refusal = refusal(contract);
                checked.add(checked(stream, contract, refusal.isPresent() ? refusal : misfit(source, contract)));
            });
            Contract.key(stream).ifPresent(contract -> checked.add(checked(stream, contract, refusal(contract))));
        }
        return checked;
    }

    private Checked checked(Stream stream, Contract contract, Optional<String> refusal) {
        return new Checked(stream.name(), contract.path(), contract.subject(), changes(contract), refusal);
    }

    private Optional<String> refusal(Contract contract) {
        try {
            registry.check(contract.subject(), contract.avsc());
            return Optional.empty();
        } catch (RefusedVersion refusal) {
            return Optional.of(refusal.reason());
        }
    }

    /** What readers of Avro may take, a view's column may not. */
    private static Optional<String> misfit(StreamContract source, Contract contract) {
        try {
            source.own(contract.schema()).ifPresent(version -> {
                source.learn(version);
                source.plan(version);
            });
            return Optional.empty();
        } catch (ContractException misfit) {
            return Optional.of("its events would become dead letters: " + misfit.getMessage());
        }
    }

    /**
     * All versions that the registry has of this stream's values. Blocks.
     *
     * @throws RegistryOutage when the registry doesn't answer
     */
    public SchemaHistory history(Stream stream) {
        StreamContract source = sources.get(stream.name());
        Optional<Subject> subject = registry.subject(subject(source));
        List<SchemaHistory.Version> versions = new ArrayList<>();
        Set<String> columns = new HashSet<>();
        Schema before = null;
        for (Subject.Version version : subject.map(Subject::versions).orElse(List.of())) {
            Optional<Schema> schema = registry.schema(SchemaId.content(version.contentId()));
            versions.add(version(source, version, before, schema.orElse(null), columns));
            before = schema.orElse(before);
        }
        return new SchemaHistory(
                stream.name(),
                subject(source),
                subject.flatMap(Subject::compatibility).orElse(null),
                versions);
    }

    /** @param columns of all versions before; those that come with this one are added */
    private SchemaHistory.Version version(
            StreamContract source, Subject.Version version, Schema before, Schema schema, Set<String> columns) {
        List<String> changes = List.of();
        List<String> added = List.of();
        String problem = null;
        if (schema == null) {
            problem = "the registry doesn't give its text";
        } else {
            changes = before == null ? List.of() : SchemaChanges.between(before, schema);
            Optional<Schema> own = source.own(schema);
            if (own.isEmpty()) {
                problem = source.isOfEnvelope() ? null : "its values don't belong to this stream";
            } else {
                try {
                    added = source.columns(own.get()).stream()
                            .map(Column::name)
                            .filter(columns::add)
                            .toList();
                    problem = source.misfit(own.get()).orElse(null);
                } catch (ContractException e) {
                    problem = e.getMessage();
                }
            }
        }
        return new SchemaHistory.Version(
                version.number(),
                version.contentId(),
                version.createdAt(),
                version.state(),
                schema == null ? null : schema.getFullName(),
                changes,
                added,
                problem);
    }

    private static String subject(StreamContract source) {
        return Contract.valueSubject(source.stream(), source.type());
    }

    private static void learn(StreamContract source, Contract contract) {
        source.learnSubject(contract.schema());
        if (source.own(contract.schema()).isEmpty() && !source.isOfEnvelope()) {
            throw new ContractException("streams." + source.stream().name() + ".contract: " + contract.path()
                    + " has no record type " + source.type().orElse(""));
        }
    }

    /** The columns of a stream as far as they are known; empty before its contract is. */
    public Optional<Shape> shape(Stream stream) {
        return sources.get(stream.name()).shape();
    }

    /**
     * Gives the stream columns that other instances have already met. Without them an event that lacks one would leave
     * the older value in its place. Blocks.
     *
     * @throws RegistryOutage when there are such columns, and the registry doesn't say what stands in them by default
     */
    public void widen(Stream stream, List<Column> columns) {
        StreamContract source = sources.get(stream.name());
        if (source.lacks(columns)) {
            Optional<Schema> latest = registry.latest(subject(source));
            try {
                latest.ifPresent(source::learnSubject);
            } catch (ContractException unfit) {
                // No reason to stop here: events of that version become dead letters that say why.
                LOG.debugf("not learnt stream=%s error=%s", stream.name(), unfit.getMessage());
            }
            source.widen(columns);
        }
    }

    /** A decoder for one lane of this topic. */
    public TopicDecoder decoder(String topic) {
        return new TopicDecoder(
                registry,
                format(topic),
                pipeline.streamsOf(topic).stream()
                        .map(s -> sources.get(s.name()))
                        .toList());
    }

    /**
     * Looks at the bytes of a record's value, which mustn't be null, with the writer's schema alone. Blocks.
     *
     * @throws RegistryOutage when the registry doesn't answer
     */
    public Inspection inspectValue(ConsumerRecord<byte[], byte[]> record) {
        WireFormat format = format(record.topic());
        Records alone = Records.of(List.of(record));
        WireFormat.Named named = format.value(alone, 0);
        return named == null
                ? new Inspection(null, null, format.whyValueNamesNone(alone, 0))
                : inspect(record.value(), named);
    }

    /** The same for its key. */
    public Inspection inspectKey(ConsumerRecord<byte[], byte[]> record) {
        WireFormat format = format(record.topic());
        Records alone = Records.of(List.of(record));
        WireFormat.Named named = format.key(alone, 0);
        return named == null
                ? new Inspection(null, null, format.whyKeyNamesNone(alone, 0))
                : inspect(record.key(), named);
    }

    /** A topic that has left the pipeline is looked at as if it said nothing of its ids. */
    private WireFormat format(String topic) {
        return new WireFormat(pipeline.streamsOf(topic).stream()
                .map(stream -> stream.decoding().ids())
                .findFirst()
                .orElse(Stream.Ids.DEFAULT));
    }

    private Inspection inspect(byte[] bytes, WireFormat.Named named) {
        Schema schema = registry.schema(named.id()).orElse(null);
        if (schema == null) {
            return new Inspection(null, null, "the registry has no schema with " + named.id());
        }
        AvroCursor cursor = new AvroCursor();
        cursor.reset(bytes, named.start());
        try {
            return new Inspection(schema.getFullName(), JsonValue.read(cursor, schema), null);
        } catch (AvroCursor.Malformed e) {
            return new Inspection(schema.getFullName(), null, "not a " + schema.getFullName() + ": " + e.getMessage());
        }
    }

    /** Asks the registry anew for ids that it didn't know. */
    public void forgetUnknown() {
        registry.forgetUnknown();
    }
}
