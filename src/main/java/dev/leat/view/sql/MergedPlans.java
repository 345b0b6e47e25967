package dev.leat.view.sql;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.PipelineException;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.postgres.Sql;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** Which of the plans that merge a SELECT gets, of one stream or of two that are joined. */
final class MergedPlans {

    private final Pipeline pipeline;
    private final String stateSchema;

    /** @param stateSchema of the tables that keep what is merged, as Postgres has it */
    MergedPlans(Pipeline pipeline, String stateSchema) {
        this.pipeline = pipeline;
        this.stateSchema = stateSchema;
    }

    /** @throws PipelineException when it can't be kept */
    Plan plan(ValidatedSelect validated) {
        FromClause fromClause = validated.fromClause();
        return fromClause.streams().size() > 1 ? join(validated) : ofStream(validated);
    }

    private Plan ofStream(ValidatedSelect validated) {
        View.Sql view = validated.view();
        FromTable from = validated.fromClause().streams().getFirst();
        Stream stream = pipeline.stream(from.relation().name());
        Optional<GroupedWindow> window = WindowCompiler.compile(validated, pipeline);
        OptionsCheck.requireWindowForEnds(view, window);
        if (window.isPresent()) {
            requireNoWait(view);
            OptionsCheck.require(validated, true);
            return windowed(validated, window.get());
        }
        OptionsCheck.require(validated, false);
        Optional<Groups> groups = GroupsCompiler.compile(validated);
        if (groups.isPresent()) {
            return new GroupedPlan(validated, from, groups.get(), table(validated));
        }
        if (view.toTopic().isPresent()) {
            requireColumns(validated);
            return new EmitPlan(validated, from, stream);
        }
        return view.append()
                ? new AppendPlan(validated, RowOrigin.of(from), table(validated))
                : keyed(validated, from, stream, table(validated));
    }

    private Plan windowed(ValidatedSelect validated, GroupedWindow window) {
        return switch (window.window()) {
            case Window.Session session ->
                new SessionPlan(
                        validated,
                        window,
                        session,
                        GroupsCompiler.compileForSessions(validated).orElseThrow(),
                        table(validated));
            case Window.Tumbling ignored -> windowed(validated, window, Duration.ZERO);
            case Window.Hopping ignored -> windowed(validated, window, Duration.ZERO);
        };
    }

    private Plan windowed(ValidatedSelect validated, GroupedWindow window, Duration delay) {
        return new WindowedPlan(
                validated, window, GroupsCompiler.compile(validated).orElseThrow(), table(validated), delay);
    }

    private static void requireNoWait(View.Sql view) {
        if (view.longestWait().isPresent()) {
            throw view.sql()
                    .complaint("an event that waits may come to a window that is final; write the join to a topic with"
                            + " `to-topic:` and `wait:`, declare that as a stream, and group its events by window");
        }
    }

    private String table(ValidatedSelect validated) {
        return Sql.quote(stateSchema) + "." + Sql.quote(validated.view().name());
    }

    private Plan join(ValidatedSelect validated) {
        OptionsCheck.require(validated, true);
        StreamJoin join = new StreamJoinCompiler(pipeline, validated).compile();
        Optional<GroupedWindow> window = WindowCompiler.compile(validated, pipeline);
        OptionsCheck.requireWindowForEnds(validated.view(), window);
        Stream first = pipeline.stream(join.left().relation().name());
        Plan rows = window.isPresent() ? windowed(validated, join, window.get()) : joined(validated, join, first);
        return new JoinPlan(validated, join, first, rows, window, table(validated));
    }

    /** A pair may come until the second of its events is late: that much later than the first a window is final. */
    private Plan windowed(ValidatedSelect validated, StreamJoin join, GroupedWindow window) {
        boolean ofLeft = window.stream().equals(join.left());
        if (window.window() instanceof Window.Session) {
            throw validated
                    .view()
                    .sql()
                    .complaint(
                            "sessions over a join of streams aren't supported; write the join to a topic with `to-topic:`,"
                                    + " declare that as a stream, and group its events by session");
        }
        if (join.isOuter() && !ofLeft) {
            throw validated
                    .view()
                    .sql()
                    .complaint("a row of a LEFT JOIN may have no event of `"
                            + join.right().alias()
                            + "`; group by a window of the event time of `"
                            + join.left().alias() + "`");
        }
        Duration keep = ofLeft ? join.keepsLeft() : join.keepsRight();
        return windowed(validated, window, keep.isNegative() ? Duration.ZERO : keep);
    }

    private Plan joined(ValidatedSelect validated, StreamJoin join, Stream first) {
        Optional<Groups> groups = GroupsCompiler.compile(validated);
        if (groups.isPresent()) {
            return new GroupedPlan(validated, join.left(), groups.get(), table(validated));
        }
        if (validated.view().toTopic().isPresent()) {
            requireColumns(validated);
            return new EmitPlan(validated, join.left());
        }
        if (validated.view().append()) {
            return new AppendPlan(validated, RowOrigin.of(join), table(validated));
        }
        if (validated.view().key().isEmpty()) {
            throw validated
                    .view()
                    .sql()
                    .complaint(
                            "a join of streams makes a row of each two events that match; write `append: true` to have"
                                    + " them all, or name in `key:` the columns of the result of which only the newest counts");
        }
        return new ResultKeyPlan(validated, RowOrigin.of(join), first, requireColumns(validated), table(validated));
    }

    private Plan keyed(ValidatedSelect validated, FromTable from, Stream stream, String table) {
        View.Sql view = validated.view();
        Optional<LinkedHashMap<String, String>> key = KeyedPlan.keyOf(validated, from, stream);
        if (!view.key().isEmpty() && !key.map(k -> List.copyOf(k.values())).equals(Optional.of(view.key()))) {
            return new ResultKeyPlan(validated, RowOrigin.of(from), stream, requireColumns(validated), table);
        }
        validated
                .multiplies()
                .or(() -> validated.fromClause().viewOfEachEvent(pipeline))
                .ifPresent(function -> {
                    throw view.sql()
                            .complaint("`" + function + "` may make several rows of an event, and of each "
                                    + String.join(", ", stream.key())
                                    + " there is one row; write `append: true`, or name in"
                                    + " `key:` the columns of the result that tell the rows apart");
                });
        return new KeyedPlan(
                validated,
                from,
                stream,
                key.orElseThrow(() -> view.sql()
                        .complaint(
                                stream.isKeyed()
                                        ? "the result lacks " + String.join(", ", stream.key())
                                                + ", the key of stream `"
                                                + stream.name()
                                                + "`; select it as it is, name other columns in `key:`, or"
                                                + " write `append: true` for rows of each event"
                                        : "stream `" + stream.name()
                                                + "` has no key; name columns of the result in `key:`, or"
                                                + " write `append: true` for rows of each event")),
                table);
    }

    static List<String> requireColumns(ValidatedSelect validated) {
        for (String column : validated.view().key()) {
            if (!validated.names().contains(column)) {
                throw validated
                        .view()
                        .sql()
                        .complaint("`key:` names `" + column + "`, but the result has "
                                + String.join(", ", validated.names()));
            }
        }
        return validated.view().key();
    }
}
