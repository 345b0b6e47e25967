package dev.leat.benchmark;

import dev.leat.stack.LeatProcess;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The packaged application, with nothing configured but what the task asks for. */
final class Leat implements Contender {

    private static final int FILES_A_PARTITION = 8;
    private static final Map<Task, String> VIEWS = Map.of(
            Task.LATEST, "rides_latest: {latest: rides}",
            Task.LOG, "rides_log: {log: rides}",
            Task.MINUTE, """
                    vendor_minute:
                        sql: |
                          SELECT vendor_id, tumble('1 minute', pickup_at) AS minute,
                                 count(*) AS trips, sum(total_amount) AS revenue
                          FROM rides GROUP BY vendor_id, minute""");

    private final List<String> jvmOptions;
    private final Set<Task> all;
    private final Optional<String> every;

    private Leat(List<String> jvmOptions, Set<Task> all, Optional<String> every) {
        this.jvmOptions = jvmOptions;
        this.all = all;
        this.every = every;
    }

    /** @param jvmOptions for example {@code -Xmx256m} */
    static Leat with(List<String> jvmOptions) {
        return new Leat(jvmOptions, EnumSet.complementOf(EnumSet.of(Task.ALL)), Optional.empty());
    }

    /** One that leaves this out of {@link Task#ALL}. */
    Leat without(Task task) {
        EnumSet<Task> rest = EnumSet.copyOf(all);
        rest.remove(task);
        return new Leat(jvmOptions, rest, every);
    }

    /** One that is started with these options too. */
    Leat and(List<String> more) {
        List<String> options = new ArrayList<>(jvmOptions);
        options.addAll(more);
        return new Leat(options, all, every);
    }

    /** One whose lake's files are closed only when they are this old. */
    Leat closingFilesEvery(String duration) {
        return new Leat(jvmOptions, all, Optional.of(duration));
    }

    @Override
    public String name() {
        return "Leat";
    }

    @Override
    public boolean does(Task task) {
        return true;
    }

    /** What {@link Task#ALL} leaves out, for people; empty if nothing. */
    String leftOut() {
        return EnumSet.complementOf(EnumSet.of(Task.ALL)).stream()
                .filter(task -> !all.contains(task))
                .map(task -> task.title)
                .reduce("", (some, one) -> some + ", without " + one);
    }

    @Override
    public Sink prepare(Run run, Postgres postgres) {
        LeatPipeline.write(run, pipeline(run));
        return Sink.all(tasks(run.task()).stream()
                .map(task -> sink(task, run, postgres))
                .toList());
    }

    private Set<Task> tasks(Task task) {
        return task == Task.ALL ? all : Set.of(task);
    }

    private static Sink sink(Task task, Run run, Postgres postgres) {
        RideTopic topic = run.topic();
        return switch (task) {
            case LATEST -> new LatestTable(postgres, "views.rides_latest", topic);
            case LOG ->
                new CountedTable(
                        postgres,
                        "SELECT coalesce(sum(next_offset), 0) FROM leat.checkpoint",
                        "SELECT count(*) FROM views.rides_log",
                        topic);
            case MINUTE -> CountedTable.minutes(postgres, "views.vendor_minute", topic);
            case LAKE ->
                Sink.proven(
                        new CountedTable(
                                postgres,
                                "SELECT coalesce(sum(rows), 0) FROM leat.lake_file",
                                "SELECT sum(rows) FROM leat.lake_file",
                                topic),
                        new ParquetFolder(run.lake(), topic));
            case ALL -> throw new IllegalArgumentException("several");
        };
    }

    /** The lake's files are as many as the topic divides into, so that none has to wait for its time; if nothing else is said. */
    private String pipeline(Run run) {
        Set<Task> tasks = tasks(run.task());
        int rows = run.topic().rows() / run.topic().partitions() / FILES_A_PARTITION;
        StringBuilder text = new StringBuilder(LeatPipeline.stream(run));
        if (tasks.contains(Task.LAKE)) {
            String roll = every.map("every: %s"::formatted).orElse("rows: %d, every: 24h".formatted(rows));
            text.append("    lake: {roll: {%s}}\n".formatted(roll));
        }
        List<String> views = new ArrayList<>();
        tasks.stream().filter(VIEWS::containsKey).forEach(task -> views.add("  " + VIEWS.get(task)));
        return text + (views.isEmpty() ? "" : "views:\n" + String.join("\n", views) + "\n");
    }

    @Override
    public Started start(Run run) {
        return Started.of(List.of(process(run)));
    }

    /** Starts it and returns at once. */
    LeatProcess process(Run run) {
        return LeatProcess.start("benchmark-" + run.name(), LeatPipeline.config(run), Map.of(), jvmOptions);
    }
}
