package dev.leat.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The figures as Markdown, to be pasted into the README, with a chart beside it: medians, and for rates also the slowest
 * and the fastest round.
 */
final class Report {

    /** Rounds of one contender at one task. */
    private record Line(Task task, DataSet data, String contender, List<Outcome.Measured> rounds) {

        double median(ToDoubleFunction<Outcome.Measured> figure) {
            double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
            return sorted[sorted.length / 2];
        }

        String title() {
            return task.title + (task == Task.LATEST ? ", " + data.title : "");
        }
    }

    private final Options options;
    private final List<Line> lines = new ArrayList<>();
    private final Map<String, String> skipped = new LinkedHashMap<>();
    private final List<String> extras;

    Report(Options options, List<Result> results, List<String> extras) {
        this.options = options;
        this.extras = extras;
        results.forEach(this::add);
        lines.sort(Comparator.comparing(Line::task).thenComparing(Line::data));
    }

    private void add(Result result) {
        switch (result.outcome()) {
            case Outcome.Skipped(String reason) ->
                skipped.put(result.contender() + " at " + result.task().title, reason);
            case Outcome.Measured measured -> line(result).rounds.add(measured);
        }
    }

    private Line line(Result result) {
        return lines.stream()
                .filter(line -> line.task == result.task()
                        && line.data == result.data()
                        && line.contender.equals(result.contender()))
                .findFirst()
                .orElseGet(() -> {
                    Line line = new Line(result.task(), result.data(), result.contender(), new ArrayList<>());
                    lines.add(line);
                    return line;
                });
    }

    void write() throws IOException {
        StringBuilder text = new StringBuilder(Machine.description())
                .append("; ")
                .append("%,d rides of about 65 bytes, medians of %d.\n\n".formatted(options.rows(), options.rounds()));
        if (!lines.isEmpty()) {
            table(text);
        }
        skipped.forEach((what, why) -> text.append("\nNot measured: ")
                .append(what)
                .append(", because it ")
                .append(why.replaceAll("\\s+", " "))
                .append('\n'));
        extras.forEach(extra -> text.append('\n').append(extra));
        Files.writeString(Options.RESULTS.resolve("benchmark.md"), text);
        Files.writeString(Options.RESULTS.resolve("benchmark.svg"), chart());
        System.err.println(text);
    }

    private void table(StringBuilder text) {
        text.append("""
                | | | rows/s (least–most) | CPU µs a row | Postgres's | peak memory | first row | bytes a row |
                |---|---|--:|--:|--:|--:|--:|--:|
                """);
        for (Line line : lines) {
            double bytes = line.median(Outcome.Measured::bytes);
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s%,.0f (%,.0f–%,.0f) | %.1f | %.1f | %,.0f MB | %.1f s | %s |%n",
                    line.title(),
                    line.contender,
                    line.rounds.stream().anyMatch(Outcome.Measured::cold) ? "cold " : "",
                    line.median(Outcome.Measured::rowsPerSecond),
                    line.rounds.stream()
                            .mapToDouble(Outcome.Measured::rowsPerSecond)
                            .min()
                            .orElseThrow(),
                    line.rounds.stream()
                            .mapToDouble(Outcome.Measured::rowsPerSecond)
                            .max()
                            .orElseThrow(),
                    line.median(Outcome.Measured::cpuMicros),
                    line.median(Outcome.Measured::postgresMicros),
                    line.median(Outcome.Measured::peakResidentBytes) / 1e6,
                    line.median(Outcome.Measured::firstRowSeconds),
                    bytes == 0 ? "" : String.format(Locale.ROOT, "%.1f", bytes)));
        }
    }

    private String chart() {
        List<Bars.Bar> bars = lines.stream()
                .map(line -> new Bars.Bar(line.title(), line.contender, line.median(Outcome.Measured::rowsPerSecond)))
                .toList();
        return Bars.svg("rows a second", bars);
    }
}
