package dev.leat.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PgProxyTest {

    private static final Duration SOON = Deadline.GENEROUS;
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private Database database;
    private PgProxy proxy;

    @BeforeEach
    void start() throws SQLException {
        database = LocalStack.shared().createDatabase("proxy_" + DATABASES.incrementAndGet());
        proxy = PgProxy.to(database);
        try (Connection direct = connect(database);
                Statement statement = direct.createStatement()) {
            statement.execute("CREATE TABLE word (w text PRIMARY KEY)");
        }
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    @Test
    void what_nobody_holds_passes_as_it_is() throws SQLException {
        try (Connection through = connect(proxy.database());
                Statement statement = through.createStatement()) {
            statement.execute("INSERT INTO word SELECT repeat('x', 100) || i FROM generate_series(1, 20000) AS i");

            assertThat(words(through)).hasSize(20_000).isEqualTo(words(database));
        }
    }

    @Test
    void a_statement_that_is_held_is_executed_when_it_is_released() throws SQLException {
        FaultPoint point = proxy.holdBefore(s -> s.startsWith("INSERT INTO word"));
        try (Connection through = connect(proxy.database())) {
            CompletableFuture<Void> insert = async(() -> insert(through, "a"));

            assertThat(point.awaitReached().sql()).isEqualTo("INSERT INTO word VALUES ($1)");
            assertThat(words(database)).isEmpty();
            assertThat(insert).isNotDone();

            point.release();
            insert.join();
            assertThat(words(database)).containsExactly("a");
            insert(through, "b");
            assertThat(point.count()).isOne();
        }
    }

    @Test
    void an_answer_that_is_held_is_to_something_that_has_happened() throws SQLException {
        try (Connection through = connect(proxy.database())) {
            through.setAutoCommit(false);
            insert(through, "a");
            FaultPoint point = proxy.holdAnswer(PgStatement::isCommit);
            CompletableFuture<Void> commit = async(through::commit);

            assertThat(point.awaitReached().before()).containsExactly("INSERT INTO word VALUES ($1)");
            assertThat(words(database)).containsExactly("a");
            assertThat(commit).isNotDone();

            point.cut();
            assertThat(commit).failsWithin(SOON);
            assertThat(words(database)).containsExactly("a");
        }
    }

    @Test
    void a_statement_that_is_prepared_once_is_known_each_time_it_is_executed() throws SQLException {
        try (Connection through = connect(proxy.database());
                PreparedStatement insert = through.prepareStatement("INSERT INTO word VALUES (?)")) {
            for (String word : List.of("a", "b", "c")) {
                insert.setString(1, word);
                insert.executeUpdate();
            }
            try (Statement prepared = through.createStatement();
                    var names = prepared.executeQuery(
                            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'INSERT%'")) {
                names.next();
                assertThat(names.getInt(1)).describedAs("the driver caches").isOne();
            }
            FaultPoint point = proxy.holdBefore(s -> s.startsWith("insert into word"));
            insert.setString(1, "d");
            CompletableFuture<Void> held = async(insert::executeUpdate);

            point.awaitReached();
            assertThat(words(database)).containsExactly("a", "b", "c");
            point.release();
            held.join();
        }
        assertThat(words(database)).containsExactly("a", "b", "c", "d");
    }

    @Test
    void commits_are_told_apart_by_what_they_follow() throws SQLException {
        FaultPoint point = proxy.holdBefore(s -> s.isCommit() && s.follows("DELETE"));
        try (Connection through = connect(proxy.database())) {
            through.setAutoCommit(false);
            insert(through, "a");
            through.commit();
            try (Statement statement = through.createStatement()) {
                statement.execute("DELETE FROM word");
            }
            CompletableFuture<Void> commit = async(through::commit);

            point.awaitReached();
            assertThat(words(database)).containsExactly("a");
            point.release();
            commit.join();
        }
        assertThat(words(database)).isEmpty();
    }

    @Test
    void when_a_held_client_goes_postgres_rolls_back() throws SQLException {
        FaultPoint point = proxy.holdBefore(PgStatement::isCommit);
        try (Connection through = connect(proxy.database())) {
            through.setAutoCommit(false);
            insert(through, "a");
            CompletableFuture<Void> commit = async(through::commit);
            point.awaitReached();

            through.abort(Runnable::run);

            await().atMost(SOON).until(() -> sessions(database) == 0);
            assertThat(commit).failsWithin(SOON);
        }
        assertThat(words(database)).isEmpty();
        assertThat(proxy.connections()).isZero();
    }

    @Test
    void a_statement_can_be_cancelled_through_the_proxy() throws SQLException {
        try (Connection through = connect(proxy.database());
                Statement statement = through.createStatement()) {
            statement.setQueryTimeout(1);

            assertThatThrownBy(() -> statement.execute("SELECT pg_sleep(30)")).hasMessageContaining("user request");
        }
    }

    @Test
    void all_connections_are_cut_and_new_ones_refused_for_a_while() throws SQLException {
        try (Connection one = connect(proxy.database());
                Connection other = connect(proxy.database())) {
            assertThat(proxy.connections()).isEqualTo(2);
            proxy.refuseFor(Duration.ofMillis(500));
            proxy.cutAll();

            assertThatThrownBy(() -> insert(one, "a")).isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> insert(other, "b")).isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> connect(proxy.database())).isInstanceOf(SQLException.class);
            await().atMost(SOON).ignoreExceptions().until(() -> {
                try (Connection again = connect(proxy.database())) {
                    return words(again).isEmpty();
                }
            });
        }
    }

    private interface Work {
        void run() throws SQLException;
    }

    private static CompletableFuture<Void> async(Work work) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        work.run();
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                },
                runnable -> Thread.ofVirtual().start(runnable));
    }

    /** Prepares on the server what is executed for the second time. */
    private static Connection connect(Database database) throws SQLException {
        return DriverManager.getConnection(
                database.jdbcUrl() + "?prepareThreshold=2&ApplicationName=PgProxyTest",
                database.user(),
                database.password());
    }

    private static void insert(Connection connection, String word) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO word VALUES (?)")) {
            insert.setString(1, word);
            insert.executeUpdate();
        }
    }

    private static List<String> words(Database database) throws SQLException {
        try (Connection direct = connect(database)) {
            return words(direct);
        }
    }

    private static List<String> words(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT w FROM word ORDER BY w")) {
            List<String> words = new java.util.ArrayList<>();
            while (rows.next()) {
                words.add(rows.getString(1));
            }
            return words;
        }
    }

    private static int sessions(Database database) throws SQLException {
        try (Connection direct = connect(database);
                Statement statement = direct.createStatement();
                var rows = statement.executeQuery("SELECT count(*) FROM pg_stat_activity WHERE datname = '"
                        + database.name() + "' AND pid <> pg_backend_pid() AND backend_type = 'client backend'")) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
