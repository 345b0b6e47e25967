package dev.leat.view.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.leat.Seeds;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.StreamFixture;
import dev.leat.pipeline.View;
import dev.leat.schema.RandomContract;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.registry.VersionedRegistry;
import dev.leat.view.lane.apply.BatchOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Contracts that change by ten random steps, each allowed by its rule, with restarts and two instances between. After each
 * step events of every fit version flow, and at the end a stream that begins with all versions has the same columns.
 *
 * <p>{@code -Dleat.chains=2000} goes through so many chains; {@code -Dleat.seed=7} begins with that one. Promotions under views in
 * SQL are another test's.
 */
class ContractChainsTest {

    private static final int CHAINS = Integer.getInteger("leat.chains", 6);
    private static final int STEPS = 10;
    private static final String NO_AVRO =
            "{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"type\": \"object\"}";

    private static ViewsFixture database;

    @BeforeAll
    static void open() {
        database = new ViewsFixture();
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void every_stream_flows_after_each_step_and_columns_follow_from_the_versions() {
        long first = Long.getLong("leat.seed", Integer.getInteger("leat.chains") == null ? 1 : Seeds.first());
        List<String> failed = new ArrayList<>();
        for (long seed = first; seed < first + CHAINS; seed++) {
            try {
                new Chain(seed).run();
            } catch (AssertionError | RuntimeException e) {
                failed.add("-Dleat.seed=" + seed + " -Dleat.chains=1: " + e);
                e.printStackTrace(System.out);
            }
            if (seed % 20 == 0) {
                forgetAll();
            }
        }
        System.out.println("chains of contracts: " + CHAINS + " from seed " + first + ", failed " + failed.size());
        assertThat(failed).isEmpty();
    }

    private static void forgetAll() {
        database.run("DROP SCHEMA IF EXISTS views CASCADE; TRUNCATE leat.view, leat.contract_names, leat.dead_letter,"
                + " leat.checkpoint, leat.parked_event");
        database.rows(
                        "SELECT format('DROP TABLE leat.%I', relname) FROM pg_class WHERE relkind = 'r' AND"
                                + " relnamespace = 'leat'::regnamespace AND (relname LIKE 'tombstone\\_%' OR relname LIKE 'history\\_%')")
                .forEach(row -> database.run((String) row.getFirst()));
    }

    /** One contract's life. */
    private static final class Chain {
        private final Random random;
        private final String topic;
        private final RandomContract contract;
        private final VersionedRegistry registry = new VersionedRegistry();
        private final List<String> steps = new ArrayList<>();
        // Versions that differ in aliases alone are equal.
        private final Map<Schema, Integer> ids = new IdentityHashMap<>();
        private final List<Schema> registered = new ArrayList<>();
        private final Pipeline pipeline;
        private final List<ContractLane> instances = new ArrayList<>();
        private ContractLane owner;
        private long next;

        Chain(long seed) {
            random = new Random(seed);
            topic = "c" + seed;
            contract = new RandomContract(random);
            pipeline = pipeline(topic, random.nextInt(7) + 1);
        }

        void run() {
            try {
                if (random.nextInt(4) > 0) {
                    register(contract.newest());
                }
                instances.add(instance(pipeline));
                instances.add(instance(pipeline));
                write();
                for (int step = 0; step < STEPS; step++) {
                    steps.add(contract.step());
                    register(contract.newest());
                    if (random.nextInt(3) == 0) {
                        instances.set(random.nextInt(2), instance(pipeline));
                        steps.add("restarted");
                    }
                    write();
                }
                requireSameColumnsAtTheEnd();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(contract.rule() + " " + String.join("\n  ", steps) + "\n" + e, e);
            }
        }

        private Pipeline pipeline(String name, int kinds) {
            StreamFixture stream = new StreamFixture(name, topic).key("key");
            Map<String, View> views = new LinkedHashMap<>();
            List<View> all = List.of(
                    new View.Latest(name + "_l", name, false, Duration.ofDays(1)),
                    new View.Log(name + "_log", name),
                    new View.History(name + "_h", name, List.of()));
            for (int i = 0; i < all.size(); i++) {
                if ((kinds & 1 << i) != 0) {
                    views.put(all.get(i).name(), all.get(i));
                }
            }
            return new Pipeline(Map.of(name, stream.build()), views);
        }

        private void register(Schema version) {
            ids.put(version, (int) registry.register(topic + "-value", version.toString(), Stream.Compatibility.NONE));
            registered.add(version);
            if (random.nextInt(10) == 0) {
                registry.register(topic + "-value", NO_AVRO, Stream.Compatibility.NONE);
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

        private void requireSameColumnsAtTheEnd() {
            write(instance(pipeline), List.of(registered.getLast()));
            String end = topic + "_end";
            Pipeline fresh = pipeline(end, 7);
            instance(fresh);
            for (View view : pipeline.views().values()) {
                String kind = view.name().substring(topic.length());
                assertThat(columns("views." + topic + kind)).isEqualTo(columns("views." + end + kind));
            }
        }

        private List<List<Object>> columns(String table) {
            return database.rows(
                    "SELECT attname::text, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = to_regclass('"
                            + table + "') AND attnum > 0 AND NOT attisdropped ORDER BY 1");
        }

        private ContractLane instance(Pipeline pipeline) {
            while (true) {
                try {
                    return new ContractLane(database, pipeline, registry, topic);
                } catch (ContractException unfit) {
                    // No version is fit; then there is nothing to begin with.
                    assertThat(registered).as(unfit.getMessage()).noneMatch(RandomContract::isNameable);
                    register(SchemaBuilder.record(contract.newest().getFullName())
                            .fields()
                            .requiredString("key")
                            .endRecord());
                }
            }
        }

        private void requireFlow(List<Schema> written, BatchOutcome.Applied applied) {
            for (int i = 0; i < written.size(); i++) {
                Schema version = written.get(i);
                long offset = next + i;
                List<String> letters = applied.deadLetters().stream()
                        .filter(letter -> letter.offset == offset)
                        .map(letter -> letter.message)
                        .toList();
                if (!letters.isEmpty() && RandomContract.isNameable(version) && !contract.isUnclear(version)) {
                    fail("version " + version + " doesn't flow: " + letters);
                }
                if (letters.isEmpty() && pipeline.views().containsKey(topic + "_log")) {
                    assertThat(database.rows("SELECT key FROM views." + topic + "_log WHERE _offset = " + offset))
                            .hasSize(1);
                }
            }
        }
    }
}
