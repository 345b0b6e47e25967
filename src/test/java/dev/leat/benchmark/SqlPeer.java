package dev.leat.benchmark;

import dev.leat.stack.Database;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Flink or Spark: each a main class of ours that gives the engine one job, told by its arguments. */
final class SqlPeer implements Contender {

    private static final Set<Task> TASKS = Set.of(Task.LATEST, Task.MINUTE, Task.LAKE);
    private static final List<String> OPEN = Stream.of(
                    "java.lang",
                    "java.lang.invoke",
                    "java.lang.reflect",
                    "java.io",
                    "java.net",
                    "java.nio",
                    "java.time",
                    "java.util",
                    "java.util.concurrent",
                    "java.util.concurrent.atomic",
                    "sun.nio.ch",
                    "sun.nio.cs",
                    "sun.security.action",
                    "sun.util.calendar",
                    "jdk.internal.ref")
            .map(name -> "--add-opens=java.base/" + name + "=ALL-UNNAMED")
            .toList();

    private final String name;
    private final PeerProject project;
    private final String mainClass;

    private SqlPeer(String name, String project, String mainClass) {
        this.name = name;
        this.project = new PeerProject(project).build();
        this.mainClass = mainClass;
    }

    static SqlPeer flink() {
        return new SqlPeer("Flink", "flink", "dev.leat.peers.FlinkPeer");
    }

    static SqlPeer spark() {
        return new SqlPeer("Spark", "spark", "dev.leat.peers.SparkPeer");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean does(Task task) {
        return TASKS.contains(task);
    }

    @Override
    public Sink prepare(Run run, Postgres postgres) {
        return PeerTables.sink(run, postgres);
    }

    @Override
    public Started start(Run run) {
        Database database = run.database();
        return project.start(
                run.folder().resolve("log"),
                OPEN,
                mainClass,
                run.task().name(),
                run.servers().kafka(),
                run.servers().confluentRegistry(),
                run.topic().name(),
                database.jdbcUrl(),
                database.user(),
                run.folder().toString(),
                RideTopic.CONTRACT.toString());
    }
}
