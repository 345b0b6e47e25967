package dev.leat.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.view.lane.ViewsFixture;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransactionsTest {

    private static final String DIVISION = "INSERT INTO public.kept VALUES ($1::integer / 0)";

    private ViewsFixture database;

    @BeforeEach
    void begin() {
        database = new ViewsFixture();
        database.run("CREATE TABLE public.kept (n integer)");
    }

    @AfterEach
    void end() {
        database.close();
    }

    @Test
    void whoever_gets_the_connection_of_broken_work_commits_nothing_of_it() {
        for (Throwable broken : List.of(new OutOfMemoryError("planted"), new IllegalStateException("planted"))) {
            // When
            assertThatThrownBy(() -> database.transactions().run(tx -> {
                        tx.execute("INSERT INTO public.kept VALUES (1)");
                        throw TransactionsTest.<RuntimeException>unchecked(broken);
                    }))
                    .isSameAs(broken);
            IntStream.rangeClosed(2, 30).forEach(n -> database.transactions().run(tx -> {
                tx.execute("INSERT INTO public.kept VALUES (" + n + ")");
                return null;
            }));

            // Then
            assertThat(database.rows("SELECT count(*), min(n) FROM public.kept"))
                    .containsExactly(List.of(29L, 2));
            database.run("TRUNCATE public.kept");
        }
    }

    @Test
    void what_fails_without_being_waited_for_is_thrown_where_somebody_waits_next() {
        assertThatThrownBy(() -> database.transactions().run(tx -> {
                    tx.submit(DIVISION, Tuple.of(1));
                    return tx.execute("INSERT INTO public.kept VALUES ($1)", Tuple.of(2));
                }))
                .hasMessageContaining("division by zero");
        assertThat(database.rows("SELECT n FROM public.kept")).isEmpty();
    }

    @Test
    void what_fails_without_being_waited_for_is_thrown_behind_the_commit_at_the_latest() {
        assertThatThrownBy(() -> database.transactions().run(tx -> {
                    tx.execute("INSERT INTO public.kept VALUES (1)");
                    tx.submit(DIVISION, Tuple.of(1));
                    return null;
                }))
                .hasMessageContaining("division by zero");
        assertThat(database.rows("SELECT n FROM public.kept")).isEmpty();
    }

    @Test
    void a_failure_that_was_told_is_forgotten_with_the_savepoint() {
        // When
        database.transactions().run(tx -> {
            tx.send("SAVEPOINT part");
            tx.submit(DIVISION, Tuple.of(1));
            tx.submit("INSERT INTO public.kept VALUES ($1)", Tuple.of(2));
            assertThatThrownBy(tx::settle).hasMessageContaining("division by zero");
            tx.execute("ROLLBACK TO SAVEPOINT part");
            tx.submit("INSERT INTO public.kept VALUES ($1)", Tuple.of(3));
            tx.settle();
            return null;
        });

        // Then
        assertThat(database.rows("SELECT n FROM public.kept")).containsExactly(List.of(3));
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> E unchecked(Throwable broken) throws E {
        throw (E) broken;
    }
}
