package dev.leat.view.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.PipelineException;
import dev.leat.pipeline.Stream;
import dev.leat.schema.RandomContract;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.registry.SplitContracts;
import dev.leat.schema.registry.VersionedRegistry;
import dev.leat.view.lane.ChainViews.Kept;
import dev.leat.view.lane.apply.BatchOutcome;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** One contract's life, with views of all kinds over its stream. */
final class ContractChain {

    private static final int STEPS = 10;
    private static final String NO_AVRO =
            "{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"type\": \"object\"}";

    private final ViewsFixture database;
    private final Map<String, Integer> refusals;
    private final Random random;
    private final String topic;
    private final RandomContract contract;
    private final boolean refers;
    private final boolean hasTime;
    private final VersionedRegistry registry = new VersionedRegistry();
    private final List<String> steps = new ArrayList<>();
    // Versions that differ in aliases alone are equal.
    private final Map<Schema, Integer> ids = new IdentityHashMap<>();
    private final List<Schema> registered = new ArrayList<>();
    private final List<ContractLane> instances = new ArrayList<>();
    private final int kinds;
    private final List<Kept> inSql;
    private Pipeline pipeline;
    private ContractLane owner;
    private long next;

    /** @param refusals by which views in SQL came to rest, and how often */
    ContractChain(ViewsFixture database, long seed, Map<String, Integer> refusals) {
        this.database = database;
        this.refusals = refusals;
        this.random = new Random(seed);
        this.topic = "c" + seed;
        this.contract = new RandomContract(random);
        this.refers = random.nextInt(3) == 0;
        this.hasTime = random.nextBoolean();
        this.kinds = random.nextInt(7) + 1;
        if (random.nextInt(4) > 0) {
            register(contract.newest());
        }
        this.inSql = random.nextBoolean()
                ? new ArrayList<>()
                : new ChainViews(
                                random,
                                hasTime,
                                registered.isEmpty() || !RandomContract.isNameable(contract.newest())
                                        ? null
                                        : contract.newest())
                        .all();
        this.pipeline = SqlFixture.read(pipelineText(topic));
    }

    void run() {
        try {
            instances.add(instance());
            instances.add(instance());
            write();
            for (int step = 0; step < STEPS; step++) {
                steps.add(contract.step());
                register(contract.newest());
                if (random.nextInt(3) == 0) {
                    instances.set(random.nextInt(2), instance());
                    steps.add("restarted");
                }
                write();
            }
            ContractLane last = instance();
            write(last, List.of(registered.getLast()));
            requireWhatPostgresSays(last);
            requireSameColumns();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    contract.rule() + " " + pipelineText(topic) + "\n  " + String.join("\n  ", steps) + "\n" + e, e);
        }
    }

    private String pipelineText(String name) {
        StringBuilder text = new StringBuilder("streams:\n  " + name + ": {topic: " + topic + ", key: key"
                + (hasTime ? ", event-time: _timestamp" : "") + "}\nviews:\n");
        List<String> all = List.of("_l: {latest: ", "_log: {log: ", "_h: {history: ");
        for (int i = 0; i < all.size(); i++) {
            if ((kinds & 1 << i) != 0 || i == 1 && !inSql.isEmpty()) {
                text.append("  ").append(name).append(all.get(i)).append(name).append("}\n");
            }
        }
        for (Kept view : inSql) {
            text.append("  ").append(name).append(view.name()).append(": ");
            text.append(view.declaration().replace("STREAM", name)).append('\n');
        }
        return text.toString();
    }

    private void register(Schema version) {
        SplitContracts contracts = new SplitContracts(registry);
        String subject = topic + "-value";
        ids.put(version, (int)
                (refers ? contracts.register(subject, version) : contracts.registerWhole(subject, version)));
        registered.add(version);
        if (random.nextInt(10) == 0) {
            registry.register(subject, NO_AVRO, Stream.Compatibility.NONE);
        }
    }

    /** By either instance, of some versions. */
    private void write() {
        for (int batch = 0; batch < 2; batch++) {
            ContractLane instance = instances.get(random.nextInt(2));
            if (instance != owner) {
                instance.takeOver();
                owner = instance;
            }
            List<Schema> written = new ArrayList<>();
            if (!registered.isEmpty()) {
                written.add(registered.getLast());
                written.add(registered.get(random.nextInt(registered.size())));
            }
            write(instance, written);
        }
    }

    private void write(ContractLane instance, List<Schema> written) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (Schema version : written) {
            records.add(ContractLane.record(ids.get(version), contract.event(version, "k" + random.nextInt(3))));
        }
        long unreadable = registry.register("other-value", NO_AVRO, Stream.Compatibility.NONE);
        records.add(ContractLane.framed(unreadable, new byte[] {1}));
        BatchOutcome.Applied applied = instance.write(records);
        requireFlow(written, applied);
        next += records.size();
    }

    private ContractLane instance() {
        while (true) {
            try {
                return new ContractLane(database, pipeline, registry, topic);
            } catch (ContractException unfit) {
                // No version is fit; then there is nothing to begin with.
                assertThat(registered).as(unfit.getMessage()).noneMatch(RandomContract::isNameable);
                // A text that no step comes to: the registry would find this version, and make no newer one.
                register(SchemaBuilder.record(contract.newest().getFullName())
                        .doc("nothing but the key")
                        .fields()
                        .requiredString("key")
                        .endRecord());
            } catch (PipelineException refused) {
                // Its columns weren't known before the first event: somebody takes the view out.
                count(refused.getMessage());
                assertThat(inSql.removeIf(view -> refused.getMessage().contains("views." + topic + view.name() + ".")))
                        .as(refused.getMessage())
                        .isTrue();
                pipeline = SqlFixture.read(pipelineText(topic));
            }
        }
    }

    private void requireFlow(List<Schema> written, BatchOutcome.Applied applied) {
        for (int i = 0; i < written.size(); i++) {
            Schema version = written.get(i);
            long offset = next + i;
            List<String> letters = applied.deadLetters().stream()
                    .filter(letter -> letter.offset == offset)
                    .map(letter -> letter.view + ": " + letter.message)
                    .toList();
            if (!letters.isEmpty() && RandomContract.isNameable(version) && !contract.isUnclear(version)) {
                fail("version " + version + " doesn't flow: " + letters);
            }
            if (letters.isEmpty() && ((kinds & 2) != 0 || !inSql.isEmpty())) {
                assertThat(database.rows("SELECT key FROM views." + topic + "_log WHERE _offset = " + offset))
                        .hasSize(1);
            }
        }
    }

    private void requireWhatPostgresSays(ContractLane last) {
        inSql.removeIf(view -> {
            Optional<String> failure = last.failure(topic + view.name());
            failure.ifPresent(message -> {
                count(message);
                assertThat(message).startsWith("UNFIT");
            });
            return failure.isPresent();
        });
        for (Kept view : inSql) {
            String oracle = view.oracle()
                    .replaceAll("last\\(([^)]*)\\)", "leat.last($1 ORDER BY _offset)")
                    .replace("EVENTS", "views." + topic + "_log");
            assertThat(texts(view.result() + " FROM views." + topic + view.name()))
                    .as(view.declaration())
                    .isEqualTo(texts(oracle));
        }
    }

    private List<List<Object>> texts(String select) {
        return database.rows("SELECT x::text FROM (SELECT " + select + ") x ORDER BY 1");
    }

    private void requireSameColumns() {
        String end = topic + "_end";
        Pipeline fresh = SqlFixture.read(pipelineText(end));
        new ContractLane(database, fresh, registry, topic);
        for (String view : fresh.views().keySet()) {
            String kind = view.substring(end.length());
            assertThat(columns("views." + topic + kind)).as(kind).isEqualTo(columns("views." + view));
        }
    }

    private List<List<Object>> columns(String table) {
        return database.rows(
                "SELECT attname::text, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = to_regclass('"
                        + table + "') AND attnum > 0 AND NOT attisdropped ORDER BY 1");
    }

    private void count(String message) {
        refusals.merge(message.replaceAll("[0-9]+", "#"), 1, Integer::sum);
    }
}
