package dev.leat.view.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Contracts that change by ten random steps, each allowed by its rule, with restarts and two instances between. After each
 * step events of every fit version flow, and at the end a stream that begins with all versions has the same columns, and views
 * in SQL have what Postgres makes of the same SELECT over all events. What has made views in SQL rest is printed.
 *
 * <p>{@code -Dleat.chains=2000} goes through so many chains; {@code -Dleat.seed=7} begins with that one.
 */
class ContractChainsTest {

    private static final int CHAINS = Integer.getInteger("leat.chains", 6);

    private static ViewsFixture database;

    @BeforeAll
    static void open() {
        database = new ViewsFixture();
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void every_stream_flows_after_each_step_and_columns_follow_from_the_versions() {
        long first = Long.getLong("leat.seed", Integer.getInteger("leat.chains") == null ? 1 : Seeds.first());
        List<String> failed = new ArrayList<>();
        Map<String, Integer> refusals = new TreeMap<>();
        for (long seed = first; seed < first + CHAINS; seed++) {
            try {
                new ContractChain(database, seed, refusals).run();
            } catch (AssertionError | RuntimeException e) {
                failed.add("-Dleat.seed=" + seed + " -Dleat.chains=1: " + e);
                e.printStackTrace(System.out);
            }
            if (seed % 20 == 0) {
                forgetAll();
            }
        }
        refusals.forEach((message, times) -> System.out.println(times + " times: " + message));
        System.out.println("chains of contracts: " + CHAINS + " from seed " + first + ", failed " + failed.size());
        assertThat(failed).isEmpty();
    }

    private static void forgetAll() {
        database.run("DROP SCHEMA IF EXISTS views CASCADE; TRUNCATE leat.view, leat.contract_names, leat.dead_letter,"
                + " leat.checkpoint, leat.parked_event, leat.stream_time, leat.view_close, leat.late_event");
        database.run("DROP SCHEMA IF EXISTS views_state CASCADE");
        database.rows(
                        "SELECT format('DROP TABLE leat.%I', relname) FROM pg_class WHERE relkind = 'r' AND"
                                + " relnamespace = 'leat'::regnamespace AND (relname LIKE 'tombstone\\_%' OR relname LIKE 'history\\_%')")
                .forEach(row -> database.run((String) row.getFirst()));
    }
}
