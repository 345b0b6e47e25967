package dev.leat.benchmark;

import dev.leat.stack.LeatProcess;
import dev.leat.stack.LocalStack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/**
 * What the packaged application costs and yields, beside its peers. Runs only when asked for:
 *
 * <pre>./mvnw verify -DskipUnitTests -Dit.test=Benchmark -Dleat.benchmark.peers=flink,spark,debezium,iceberg</pre>
 *
 * What else can be said is in {@link Options}. Writes {@code target/benchmark}.
 */
class Benchmark {

    private static final int PARTITIONS = 6;
    private static final int COLUMNS = 12;
    private static final int FEW = 10_000;
    private static final List<Integer> RATES = List.of(1_000, 10_000);
    private static final Logger KAFKA_LOG = Logger.getLogger("org.apache.kafka");

    private final Options options = Options.asked();
    private final Servers servers = new Servers(LocalStack.shared());
    private final String id = "bench_" + ProcessHandle.current().pid();
    private final List<Result> results = new ArrayList<>();
    private final List<String> extras = new ArrayList<>();
    private Leat leat = Leat.with(options.jvm());
    private int names;

    @Test
    void costs_and_yields_beside_its_peers() throws IOException {
        KAFKA_LOG.setLevel(Level.WARNING);
        Files.createDirectories(Options.RESULTS);
        if (options.has("tasks")) {
            List<Contender> peers =
                    options.peers().stream().map(Benchmark::peer).toList();
            for (DataSet data : DataSet.values()) {
                measureTasks(data, peers);
            }
        }
        report();
        measureLimits();
        report();
        measureLatencyAndRebuild();
        report();
        measureFootprint();
        report();
        measureCurves();
        report();
    }

    /** Also when there's more to come, which may fail. */
    private void report() throws IOException {
        new Report(options, results, extras).write();
    }

    /** Round by round, and contender beside contender, so that a machine that gets slower does so for all. */
    private void measureTasks(DataSet data, List<Contender> peers) {
        if (options.tasks(data).isEmpty()) {
            return;
        }
        RideTopic topic = produced(data, options.rows(), PARTITIONS, COLUMNS);
        for (int round = 0; round < options.rounds(); round++) {
            for (Task task : options.tasks(data)) {
                if (options.withOurs()) {
                    Outcome outcome = turn(leat, task, topic);
                    if (outcome instanceof Outcome.Skipped && task != Task.ALL) {
                        // what it refuses alone it would refuse among others
                        leat = leat.without(task);
                    }
                }
                peers.stream().filter(peer -> peer.does(task)).forEach(peer -> turn(peer, task, topic));
            }
        }
        servers.deleteTopic(topic.name());
    }

    private static Contender peer(String name) {
        return switch (name) {
            case "flink" -> SqlPeer.flink();
            case "spark" -> SqlPeer.spark();
            case "debezium" -> ConnectPeer.debezium();
            case "iceberg" -> ConnectPeer.iceberg();
            default ->
                throw new IllegalArgumentException(
                        "-Dleat.benchmark.peers may name flink, spark, debezium, iceberg; not " + name);
        };
    }

    private Outcome turn(Contender contender, Task task, RideTopic topic) {
        Run run = run(contender.name(), task, topic);
        Outcome outcome = Stopwatch.measure(contender, run);
        servers.dropDatabase(run.name());
        String left = contender instanceof Leat ours && task == Task.ALL ? ours.leftOut() : "";
        results.add(new Result(contender.name() + left, task, topic.data(), outcome));
        System.err.printf("[benchmark] %s, %s, %s: %s%n", task.title, topic.data().title, contender.name(), outcome);
        return outcome;
    }

    private void measureLimits() {
        if (options.has("limits")) {
            RideTopic topic = produced(DataSet.NEW_KEYS, options.rows(), PARTITIONS, COLUMNS);
            extras.add(new Limits(servers, topic).measure(options.rounds()));
            servers.deleteTopic(topic.name());
        }
    }

    private void measureLatencyAndRebuild() {
        if (options.has("latency") || options.has("rebuild")) {
            dropWhatIsRefused();
            StringBuilder table = new StringBuilder("""
                    | acknowledged to queryable, all four%s | p50 | p99 | most |
                    |---|--:|--:|--:|
                    """.formatted(leat.leftOut()));
            String rebuild = "";
            for (int rate : RATES) {
                RideTopic topic = topic(DataSet.NEW_KEYS, Options.grained(Latency.rides(rate)), PARTITIONS, COLUMNS);
                Run run = run("latency", Task.ALL, topic);
                try (Postgres postgres = new Postgres(run.database())) {
                    Leat steady = leat.closingFilesEvery("1m");
                    Sink sink = steady.prepare(run, postgres);
                    try (LeatProcess process = steady.process(run).awaitReady()) {
                        table.append(Latency.measure(run, Started.of(List.of(process)), rate));
                        rebuild = options.has("rebuild") ? Rebuild.measure(run, process, sink) : "";
                    }
                }
                servers.dropDatabase(run.name());
            }
            extras.add(table.toString());
            extras.add(rebuild);
        }
    }

    private void measureFootprint() {
        if (options.has("footprint")) {
            dropWhatIsRefused();
            RideTopic topic = produced(DataSet.NEW_KEYS, Options.grained(FEW), PARTITIONS, COLUMNS);
            StringBuilder table = new StringBuilder("""
                    | at rest | ready after | first row after | memory | CPU |
                    |---|--:|--:|--:|--:|
                    """);
            table.append(Footprint.measure("JVM", run("rest", Task.ALL, topic), leat));
            table.append(Footprint.measure(
                    "JVM, compact object headers, serial GC",
                    run("rest", Task.ALL, topic),
                    leat.and(List.of("-XX:+UseCompactObjectHeaders", "-XX:+UseSerialGC"))));
            String cache = Options.RESULTS.resolve("leat.aot").toString();
            Footprint.measure(
                    "to write the cache",
                    run("rest", Task.ALL, topic),
                    leat.and(List.of("-XX:AOTCacheOutput=" + cache)));
            table.append(Footprint.measure(
                    "JVM, AOT cache", run("rest", Task.ALL, topic), leat.and(List.of("-XX:AOTCache=" + cache))));
            extras.add(table.toString());
        }
    }

    private void measureCurves() {
        if (options.has("curves")) {
            extras.add(new Curves(
                            options.rows(),
                            options.jvm(),
                            (rows, partitions, columns) -> produced(DataSet.NEW_KEYS, rows, partitions, columns),
                            (contender, topic) ->
                                    Stopwatch.measure(contender, run(contender.name(), Task.LATEST, topic)))
                    .measure());
        }
    }

    /** Where the tasks weren't measured one by one, nobody knows yet. */
    private void dropWhatIsRefused() {
        if (!options.has("tasks") && leat.leftOut().isEmpty()) {
            RideTopic topic = produced(DataSet.NEW_KEYS, Options.grained(1), PARTITIONS, COLUMNS);
            if (Stopwatch.measure(leat, run("probe", Task.MINUTE, topic)) instanceof Outcome.Skipped) {
                leat = leat.without(Task.MINUTE);
            }
        }
    }

    private RideTopic topic(DataSet data, int rows, int partitions, int columns) {
        String name = "%s_%d_%s".formatted(id, ++names, data).toLowerCase(Locale.ROOT);
        RideTopic topic = new RideTopic(name, data, rows, partitions, columns);
        servers.createTopic(topic.name(), topic.partitions());
        servers.register(name + "-value", topic.contract());
        return topic;
    }

    private RideTopic produced(DataSet data, int rows, int partitions, int columns) {
        RideTopic topic = topic(data, rows, partitions, columns);
        topic.produce(servers);
        return topic;
    }

    private Run run(String what, Task task, RideTopic topic) {
        String name = "%s_%d_%s_%s"
                .formatted(id, ++names, what.replace(' ', '_'), task)
                .toLowerCase(Locale.ROOT);
        try {
            Path folder = Files.createDirectories(Options.RESULTS.resolve(name));
            return new Run(name, task, topic, servers, servers.createDatabase(name), folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
