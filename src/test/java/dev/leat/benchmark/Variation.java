package dev.leat.benchmark;

import dev.leat.stack.LeatProcess;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The application with more of something: {@code latest} views of the one stream, instances that share its partitions.
 *
 * @param instances started at the same time
 */
record Variation(int instances, int views, List<String> jvmOptions) implements Contender {

    @Override
    public String name() {
        return "leat_%d_%d".formatted(instances, views);
    }

    @Override
    public boolean does(Task task) {
        return task == Task.LATEST;
    }

    /** All views change in one transaction, so one of them tells. */
    @Override
    public Sink prepare(Run run, Postgres postgres) {
        StringBuilder text = new StringBuilder(LeatPipeline.stream(run)).append("views:\n");
        IntStream.rangeClosed(1, views).forEach(view -> text.append("  rides_%d: {latest: rides}\n".formatted(view)));
        LeatPipeline.write(run, text.toString());
        return new LatestTable(postgres, "views.rides_" + views, run.topic());
    }

    @Override
    public Started start(Run run) {
        return Started.of(IntStream.range(0, instances)
                .mapToObj(instance ->
                        LeatProcess.start("benchmark-" + run.name(), LeatPipeline.config(run), Map.of(), jvmOptions))
                .toList());
    }
}
