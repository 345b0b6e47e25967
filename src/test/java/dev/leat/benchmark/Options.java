package dev.leat.benchmark;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** What was asked for on the command line, each as {@code -Dleat.benchmark.NAME=…}. */
record Options(
        int rows,
        int rounds,
        List<String> parts,
        List<Task> tasks,
        boolean withOurs,
        List<String> peers,
        List<String> jvm) {

    static final Path RESULTS = Path.of("target", "benchmark").toAbsolutePath();
    /** For how long to look at what has no end. */
    static final int SECONDS = Integer.getInteger("leat.benchmark.seconds", 20);

    private static final int GRAIN = 1_200;

    static Options asked() {
        int rows = Integer.getInteger("leat.benchmark.rows", 2_000_000);
        return new Options(
                grained(rows),
                Integer.getInteger("leat.benchmark.rounds", 3),
                list("parts", "tasks,limits,latency,rebuild,footprint,curves"),
                list("tasks", "latest,log,minute,lake,all").stream()
                        .map(name -> Task.valueOf(name.toUpperCase()))
                        .toList(),
                Boolean.parseBoolean(System.getProperty("leat.benchmark.ours", "true")),
                list("peers", ""),
                List.of(System.getProperty("leat.benchmark.jvm", "").split(" ")).stream()
                        .filter(option -> !option.isBlank())
                        .toList());
    }

    /** Keys make no difference to the others. */
    List<Task> tasks(DataSet data) {
        return data == DataSet.NEW_KEYS
                ? tasks
                : tasks.stream().filter(task -> task == Task.LATEST).toList();
    }

    /** As many, or a few more. */
    static int grained(int rows) {
        return (rows + GRAIN - 1) / GRAIN * GRAIN;
    }

    boolean has(String part) {
        return parts.contains(part);
    }

    private static List<String> list(String name, String standard) {
        return Arrays.stream(
                        System.getProperty("leat.benchmark." + name, standard).split("[, ]+"))
                .filter(word -> !word.isBlank())
                .toList();
    }
}
