package dev.leat.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.stack.Deadline;
import dev.leat.view.lane.ViewsFixture;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LockHoldersTest {

    private ViewsFixture database;
    private Transactions transactions;
    private LockHolders holders;

    @BeforeEach
    void begin() {
        database = new ViewsFixture();
        database.run("CREATE SCHEMA views");
        database.run("CREATE TABLE views.rides_latest (n integer)");
        database.run("INSERT INTO leat.view (name, kind, streams, table_name, key, columns, version)"
                + " VALUES ('rides_latest', 'latest', '{rides}', '\"views\".\"rides_latest\"', '{n}', '[]', 1)");
        transactions = new Transactions(database.pool(), database.config());
        holders = new LockHolders(transactions, database.pool(), database.config());
    }

    @AfterEach
    void end() {
        database.close();
    }

    @Test
    void a_transaction_that_waits_is_told_with_who_holds_the_lock_and_of_which_view() throws Exception {
        try (Connection session = DriverManager.getConnection(
                        database.database().jdbcUrl()
                                + (database.database().jdbcUrl().contains("?") ? "&" : "?") + "ApplicationName=backup",
                        database.database().user(),
                        database.database().password());
                Statement statement = session.createStatement()) {
            // Given
            session.setAutoCommit(false);
            statement.execute("LOCK TABLE views.rides_latest IN ACCESS EXCLUSIVE MODE");
            Thread writer = Thread.ofVirtual()
                    .start(() -> transactions.run(tx -> {
                        tx.execute("INSERT INTO views.rides_latest VALUES (1)");
                        return null;
                    }));

            // Then
            Awaitility.await().atMost(Deadline.GENEROUS).until(() -> !holders.of(Duration.ZERO)
                    .isEmpty());
            List<LockHolders.Blocked> blocked = holders.of(Duration.ZERO);
            assertThat(blocked).singleElement().satisfies(one -> {
                assertThat(one.thread()).isSameAs(writer);
                assertThat(one.message())
                        .contains("waits for a lock on table views.rides_latest (view rides_latest), held by pid ")
                        .contains("backup from ")
                        .contains("idle in transaction");
            });
            assertThat(holders.of(Duration.ofHours(1)))
                    .describedAs("nobody asks")
                    .isEmpty();

            // When
            session.rollback();
            writer.join();

            // Then
            assertThat(transactions.longerThan(Duration.ZERO)).isEmpty();
        }
    }
}
