package dev.leat.view.statement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.view.ViewsFixture;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransactionsTest {

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

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> E unchecked(Throwable broken) throws E {
        throw (E) broken;
    }
}
