package dev.leat.query;

import dev.leat.catalog.ViewTable;
import dev.leat.failure.Unavailable;
import dev.leat.http.Problem;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.postgres.SqlState;
import dev.leat.query.value.ColumnJson;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowIterator;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * Reads views: the one way from a question to rows. An answer and its freshness come from one read-only snapshot, and
 * Postgres itself ends what takes longer than {@code leat.query.timeout}. Fails with a {@link Problem} when Postgres
 * can't answer. Never blocks; the answer arrives on the connection's event loop.
 */
@ApplicationScoped
public class ViewReader {

    // One snapshot for both statements, or the freshness could be newer than the rows.
    private static final String BEGIN_SNAPSHOT =
            "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL statement_timeout = ";
    private static final String SELECT_FRESHNESS =
            "SELECT max(updated_at) AS as_of FROM leat.checkpoint WHERE topic = ANY ($1)";

    private final Pool pool;
    private final Pipeline pipeline;
    private final QueryTimes times;

    ViewReader(Pool pool, Pipeline pipeline, QueryTimes times) {
        this.pool = pool;
        this.pipeline = pipeline;
        this.times = times;
    }

    public Uni<Answer> read(ViewQuery query) {
        return pool.withTransaction(connection -> connection
                        .query(BEGIN_SNAPSHOT + times.timeout())
                        .execute()
                        .chain(() -> Uni.combine()
                                .all()
                                .unis(rows(connection, query), freshness(connection, query.view()))
                                .with(Answer::new)))
                .onFailure()
                .transform(failure -> problem(query.view(), failure));
    }

    private static Uni<List<Map<String, Object>>> rows(SqlConnection connection, ViewQuery query) {
        ViewSelect select = ViewSelect.of(query);
        return connection
                .preparedQuery(select.sql())
                .execute(Tuple.tuple(select.parameters()))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> ColumnJson.row(row, query.columns()))
                        .toList());
    }

    /** Streams that the pipeline no longer declares don't count, because nobody consumes their topics. */
    private Uni<Freshness> freshness(SqlConnection connection, ViewTable view) {
        String[] topics = view.streams().stream()
                .map(pipeline::stream)
                .filter(Objects::nonNull)
                .map(Stream::topic)
                .toArray(String[]::new);
        return connection
                .preparedQuery(SELECT_FRESHNESS)
                .execute(Tuple.of(topics))
                .map(rows -> Freshness.of(
                        view.streams(),
                        asOf(rows),
                        view.leftAt(),
                        pipeline.views().containsKey(view.name())));
    }

    private static Instant asOf(RowSet<Row> rows) {
        RowIterator<Row> only = rows.iterator();
        return Optional.ofNullable(only.next().getOffsetDateTime("as_of"))
                .map(OffsetDateTime::toInstant)
                .orElse(null);
    }

    private Throwable problem(ViewTable view, Throwable failure) {
        if (failure instanceof PgException refused) {
            return SqlState.refusesData(refused)
                    ? ViewProblems.notComputable(view, refused.getErrorMessage())
                    : SqlState.of(failure)
                            .<Throwable>map(state -> problem(view, state))
                            .orElseGet(() -> unavailableOr(failure));
        }
        return unavailableOr(failure);
    }

    private static Throwable unavailableOr(Throwable failure) {
        return Unavailable.is(failure) ? ViewProblems.postgresUnavailable() : failure;
    }

    /** Null for a state that says nothing to who asks. */
    private Problem problem(ViewTable view, SqlState state) {
        return switch (state) {
            case QUERY_CANCELED -> ViewProblems.tooSlow(view, times.timeout());
            case UNDEFINED_TABLE, UNDEFINED_COLUMN, FEATURE_NOT_SUPPORTED -> ViewProblems.viewIsChanging(view);
            default -> null;
        };
    }
}
