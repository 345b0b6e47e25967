package dev.leat.view.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.Seeds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
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

    /** Each with a database of its own: a chain mostly waits for Postgres. */
    private static final int THREADS = Math.min(4, CHAINS / 3 + 1);

    /** Catalogues get slow of too many tables. */
    private static final int FORGET_AFTER = 20;

    private final long first = Long.getLong("leat.seed", Integer.getInteger("leat.chains") == null ? 1 : Seeds.first());
    private final AtomicLong next = new AtomicLong(first);
    private final List<String> failed = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, Integer> refusals = new ConcurrentSkipListMap<>();

    @Test
    void every_stream_flows_after_each_step_and_columns_follow_from_the_versions() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            ViewsFixture database = new ViewsFixture();
            threads.add(Thread.ofPlatform().name("chains-" + i).start(() -> run(database)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        refusals.forEach((message, times) -> System.out.println(times + " times: " + message));
        System.out.println("chains of contracts: " + CHAINS + " from seed " + first + ", failed " + failed.size());
        assertThat(next).hasValueGreaterThanOrEqualTo(first + CHAINS);
        assertThat(failed).isEmpty();
    }

    private void run(ViewsFixture database) {
        try (database) {
            int done = 0;
            for (long seed = next.getAndIncrement(); seed < first + CHAINS; seed = next.getAndIncrement()) {
                try {
                    new ContractChain(database, seed, refusals).run();
                } catch (AssertionError | RuntimeException e) {
                    failed.add("-Dleat.seed=" + seed + " -Dleat.chains=1: " + e);
                    e.printStackTrace(System.out);
                }
                if (++done % FORGET_AFTER == 0) {
                    forgetAll(database);
                }
            }
        }
    }

    private static void forgetAll(ViewsFixture database) {
        database.run("DROP SCHEMA IF EXISTS views CASCADE; DROP SCHEMA IF EXISTS views_state CASCADE;"
                + " TRUNCATE leat.view, leat.contract_names, leat.dead_letter, leat.checkpoint, leat.parked_event,"
                + " leat.stream_time, leat.view_close, leat.late_event");
        database.rows(
                        "SELECT format('DROP TABLE leat.%I', relname) FROM pg_class WHERE relkind = 'r' AND"
                                + " relnamespace = 'leat'::regnamespace AND (relname LIKE 'tombstone\\_%' OR relname LIKE 'history\\_%')")
                .forEach(row -> database.run((String) row.getFirst()));
    }
}
