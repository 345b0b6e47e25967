package dev.leat.benchmark;

import dev.leat.stack.LeatProcess;
import dev.leat.stack.TiedTool;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A contender's processes; closing it ends them in order. */
record Started(List<Long> pids, BooleanSupplier alive, Supplier<String> log, Runnable end) implements AutoCloseable {

    static Started of(TiedTool tool) {
        return new Started(List.of(tool.pid()), tool::isAlive, tool::log, tool::close);
    }

    static Started of(List<LeatProcess> instances) {
        return new Started(
                instances.stream().map(LeatProcess::pid).toList(),
                () -> instances.stream().allMatch(LeatProcess::isAlive),
                () -> String.join("\n", instances.stream().map(LeatProcess::log).toList()),
                () -> instances.forEach(LeatProcess::terminate));
    }

    long cpuMicros() {
        return pids.stream().mapToLong(Processes::cpuMicros).sum();
    }

    long peakResidentBytes() {
        return pids.stream().mapToLong(Processes::peakResidentBytes).sum();
    }

    boolean isAlive() {
        return alive.getAsBoolean();
    }

    /** The innermost exception of its log or, without any, the end of it. */
    String lastWords() {
        List<String> lines = log.get().lines().toList();
        return lines.stream()
                .filter(line -> line.matches("(Caused by: |Exception in thread ).*"))
                .reduce((outer, inner) -> inner)
                .orElseGet(() -> String.join("\n", lines.subList(Math.max(0, lines.size() - 10), lines.size())));
    }

    @Override
    public void close() {
        end.run();
    }
}
