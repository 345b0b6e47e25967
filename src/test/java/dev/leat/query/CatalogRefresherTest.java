package dev.leat.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.leat.catalog.ViewCatalog;
import dev.leat.failure.Failures;
import dev.leat.pipeline.PipelineConfig;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CatalogRefresherTest {

    private final Failures failures = new Failures(InstantSource.system());

    /** A start that fails, as for a port that is taken, ends what it has begun. */
    @Test
    void a_round_that_comes_after_the_end_asks_nothing_that_is_gone() {
        // Given
        CatalogRefresher refresher = new CatalogRefresher(
                new GoneCatalog(),
                of(Vertx.class, false),
                null,
                new QueryTimes(of(QueryConfig.class, Duration.ofSeconds(1))),
                of(PipelineConfig.class, Set.of(PipelineConfig.Role.QUERY)),
                failures);
        refresher.stop(null);

        // Then
        assertThatCode(() -> refresher.start(null)).doesNotThrowAnyException();
        assertThat(failures.current()).isEmpty();
    }

    /** As what stands for a bean says, once the container is gone. */
    private static final class GoneCatalog extends ViewCatalog {

        GoneCatalog() {
            super(null);
        }

        @Override
        public Uni<Snapshot> refresh() {
            throw new IllegalStateException("the container is gone");
        }
    }

    private static <T> T of(Class<T> type, Object answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> answer));
    }
}
