package dev.leat.stack;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A Kafka broker, an Apicurio Registry and a PostgreSQL of our own: real servers on free loopback ports, which end with
 * this JVM however it ends. When a method returns, what it names is done: a started server answers, a stopped one is
 * gone. A stopped server keeps its port and its data. A server is started when it is first asked for.
 *
 * <p>Safe for several threads; one command at a time.
 */
public final class LocalStack implements AutoCloseable {
    static final List<String> SERVERS = List.of("kafka", "postgres", "registry");
    private static final String HOST = "127.0.0.1";
    private static final String REGISTRY_API = "/apis/registry/v3";

    private static LocalStack shared;

    private final SupervisorProcess supervisor;
    // Those that are known to have been started once; guarded by this.
    private final Set<String> needed = new HashSet<>();

    private LocalStack(SupervisorProcess supervisor) {
        this.supervisor = supervisor;
    }

    /** The one for all tests of this JVM, with durable Postgres; started at the first call. */
    public static synchronized LocalStack shared() {
        if (shared == null) {
            shared = new LocalStack(SupervisorProcess.shared(() -> launch(Durability.DURABLE)));
        }
        return shared;
    }

    /** Another one, for a test that stops servers; takes some ten seconds and 700 MB. */
    public static LocalStack start() {
        return start(Durability.DURABLE);
    }

    public static LocalStack start(Durability durability) {
        return start(durability, SERVERS);
    }

    /** Another one of which these servers are started now, side by side. */
    static LocalStack start(Durability durability, List<String> servers) {
        var stack = new LocalStack(launch(durability));
        stack.need(servers);
        return stack;
    }

    private static SupervisorProcess launch(Durability durability) {
        String run = "test-" + ProcessHandle.current().pid() + "-" + Long.toString(System.nanoTime(), 36);
        Path progress = target().resolve("stack").resolve(run + ".log");
        return SupervisorProcess.launch(
                target(), run, durability, SERVERS, ProcessBuilder.Redirect.appendTo(progress.toFile()));
    }

    /** Starts all servers side by side, if they aren't: for a test that needs them all. */
    public LocalStack whole() {
        need(SERVERS);
        return this;
    }

    private synchronized void need(List<String> servers) {
        if (!needed.containsAll(servers)) {
            supervisor.need(servers);
            needed.addAll(servers);
        }
    }

    /** Kafka's bootstrap servers. */
    public String kafka() {
        need(List.of("kafka"));
        return HOST + ":" + supervisor.port("kafka");
    }

    /** The registry's address, without a path. */
    public String registry() {
        need(List.of("registry"));
        return "http://" + HOST + ":" + supervisor.port("registry");
    }

    /** The address of the registry's own API, version 3. */
    public String registryApi() {
        return registry() + REGISTRY_API;
    }

    /** The database that exists from the start. */
    public Database postgres() {
        need(List.of("postgres"));
        return database(Postgres.USER);
    }

    /** Creates an empty database. */
    public Database createDatabase(String name) {
        return createDatabase(name, "CREATE DATABASE " + quoted(name));
    }

    /**
     * Creates a database with all that another one has, to which nobody may be connected. A commit in it returns before it
     * is on the disk, so it is not for tests that crash the server.
     */
    public Database copyDatabase(Database template, String name) {
        return createDatabase(
                name,
                "CREATE DATABASE " + quoted(name) + " TEMPLATE " + quoted(template.name()),
                "ALTER DATABASE " + quoted(name) + " SET synchronous_commit = off");
    }

    private Database createDatabase(String name, String... statements) {
        var admin = postgres();
        try (var connection = DriverManager.getConnection(admin.jdbcUrl(), admin.user(), admin.password());
                var statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
            return database(name);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot create database " + name, e);
        }
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** What the application needs to use these servers and that database. */
    public Map<String, String> config(Database database) {
        whole();
        var config = new HashMap<>(database.config());
        config.putAll(config("kafka", supervisor.port("kafka")));
        config.putAll(config("registry", supervisor.port("registry")));
        return config;
    }

    /** What the application needs to use one server, and of Postgres the first database. */
    static Map<String, String> config(String server, int port) {
        return switch (server) {
            case "kafka" -> Map.of("kafka.bootstrap.servers", HOST + ":" + port);
            case "postgres" -> database(port, Postgres.USER).config();
            case "registry" -> {
                String api = "http://" + HOST + ":" + port + REGISTRY_API;
                yield Map.of(
                        "leat.registry.url", api, "mp.messaging.connector.smallrye-kafka.apicurio.registry.url", api);
            }
            default -> throw new IllegalArgumentException("no such server: " + server);
        };
    }

    public void stopKafka() {
        command("stop", "kafka");
    }

    public void startKafka() {
        command("start", "kafka");
    }

    public void killKafka() {
        command("kill9", "kafka");
    }

    /** The broker stays connected and answers nothing until it is resumed. */
    public void pauseKafka() {
        command("pause", "kafka");
    }

    public void resumeKafka() {
        command("resume", "kafka");
    }

    public void stopPostgres() {
        command("stop", "postgres");
    }

    public void startPostgres() {
        command("start", "postgres");
    }

    /** A crash of the server: it recovers from its log at the next start. */
    public void killPostgres() {
        command("kill9", "postgres");
    }

    /** All its sessions hang until it is resumed. */
    public void pausePostgres() {
        command("pause", "postgres");
    }

    public void resumePostgres() {
        command("resume", "postgres");
    }

    public void stopRegistry() {
        command("stop", "registry");
    }

    public void startRegistry() {
        command("start", "registry");
    }

    public void killRegistry() {
        command("kill9", "registry");
    }

    public void pauseRegistry() {
        command("pause", "registry");
    }

    public void resumeRegistry() {
        command("resume", "registry");
    }

    /** Ends the servers and removes their data; their logs stay under {@code target/stack}. */
    @Override
    public synchronized void close() {
        supervisor.end();
    }

    /** The processes: the supervisor and the servers that have been started. */
    synchronized List<Long> pids() {
        supervisor.command("list");
        return Stream.concat(
                        Stream.of(supervisor.pid()),
                        SERVERS.stream().filter(needed::contains).map(supervisor::pid))
                .toList();
    }

    private synchronized void command(String verb, String server) {
        need(List.of(server));
        supervisor.command(verb + " " + server);
    }

    private Database database(String name) {
        return database(supervisor.port("postgres"), name);
    }

    private static Database database(int port, String name) {
        return new Database(HOST, port, name, Postgres.USER, Postgres.USER);
    }

    /** The build directory. */
    static Path target() {
        return Path.of(System.getProperty("basedir", ""), "target");
    }
}
