package dev.leat.lake.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.lake.write.LakeFixture;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.Stream.PartitionBy;
import dev.leat.postgres.MigratedDatabase;
import dev.leat.stack.Database;
import dev.leat.stack.Deadline;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PgManifestTest {

    private static Vertx vertx;
    private static Manifest manifest;

    @BeforeAll
    static void migrate() {
        Database database = MigratedDatabase.create("manifest");
        vertx = Vertx.vertx();
        PgConnectOptions options = PgConnectOptions.fromUri(database.reactiveUrl())
                .setUser(database.user())
                .setPassword(database.password());
        manifest = new PgManifest(Pool.pool(vertx, options, new PoolOptions().setMaxSize(2)), Deadline.GENEROUS);
    }

    @AfterAll
    static void close() {
        vertx.closeAndAwait();
    }

    @Test
    void files_and_checkpoint_move_together_and_only_once() {
        Stream stream = LakeFixture.stream(PartitionBy.DAY, 10);
        Ownership owner = manifest.own(stream, 0, 5);
        assertThat(owner.nextOffset()).isEqualTo(5);
        List<ManifestEntry> files = List.of(
                new ManifestEntry("rides/day=2026-01-01/a", LocalDate.of(2026, 1, 1), 5, 6, 2, 100),
                new ManifestEntry("rides/b", null, 7, 7, 1, 100));
        assertThat(manifest.commit(owner, 5, 8, files)).isEqualTo(Manifest.Verdict.COMMITTED);
        assertThat(manifest.commit(owner, 5, 8, files)).isEqualTo(Manifest.Verdict.COMMITTED);
        assertThat(manifest.commit(owner, 8, 9, List.of())).isEqualTo(Manifest.Verdict.COMMITTED);
        assertThat(manifest.commit(owner, 8, 9, List.of())).isEqualTo(Manifest.Verdict.COMMITTED);
        assertThat(manifest.paths(stream, 0)).containsExactlyInAnyOrder("rides/day=2026-01-01/a", "rides/b");
        assertThat(manifest.own(stream, 0, 0).nextOffset()).isEqualTo(9);
    }

    @Test
    void an_older_owner_is_fenced_but_keeps_what_he_committed() {
        Stream stream = LakeFixture.stream(PartitionBy.NONE, 10);
        Ownership older = manifest.own(stream, 1, 0);
        List<ManifestEntry> first = List.of(new ManifestEntry("rides/c", null, 0, 1, 2, 100));
        manifest.commit(older, 0, 2, first);
        Ownership newer = manifest.own(stream, 1, 0);
        assertThat(newer.epoch()).isGreaterThan(older.epoch());
        assertThat(manifest.commit(older, 0, 2, first)).isEqualTo(Manifest.Verdict.COMMITTED);
        assertThat(manifest.commit(older, 2, 3, List.of(new ManifestEntry("rides/d", null, 2, 2, 1, 100))))
                .isEqualTo(Manifest.Verdict.FENCED);
        assertThat(manifest.commit(older, 2, 4, List.of())).isEqualTo(Manifest.Verdict.FENCED);
        assertThat(manifest.paths(stream, 1)).containsExactly("rides/c");
    }
}
