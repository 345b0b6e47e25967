package dev.leat.view.sql;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.PipelineException;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.postgres.Sql;
import dev.leat.postgres.Tx;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** From a view's SELECT to the plan by which it is kept. */
final class SelectCompiler {

    private final Pipeline pipeline;
    private final String schema;

    /** @param schema of the views that readers see */
    SelectCompiler(Pipeline pipeline, String schema) {
        this.pipeline = pipeline;
        this.schema = schema;
    }

    static String stateSchema(String schema) {
        return schema + "_state";
    }

    /**
     * Within a transaction, of which nothing stays.
     *
     * @param relations what the SELECT may read, by name
     * @throws PipelineException when it can't be kept
     */
    Plan compile(Tx tx, View.Sql view, Map<String, Relation> relations) {
        try (DryRun rehearsal = new DryRun(tx, schema, relations.values())) {
            SelectText written = SelectText.parse(view.sql());
            if (!view.isPlain()) {
                new SelectCheck(written).requireOneSelect();
            }
            rehearsal.check(view.sql());
            SelectText text = AsOf.writtenOut(written, pipeline);
            return view.isPlain() ? plain(view, text, rehearsal) : compile(view, text, relations, rehearsal);
        }
    }

    private Plan plain(View.Sql view, SelectText text, DryRun rehearsal) {
        LinkedHashMap<String, String> types =
                new LinkedHashMap<>(rehearsal.columns(text.source().text()));
        ValidatedSelect checked = new ValidatedSelect(view, text, null, new TextEdits(), types, rehearsal);
        List<String> key = view.key().isEmpty() ? List.of(checked.names().getFirst()) : requireColumns(checked);
        return new PlainPlan(checked.columns(), key, Optional.of(text.source().text()));
    }

    private Plan compile(View.Sql view, SelectText written, Map<String, Relation> relations, DryRun rehearsal) {
        SelectText text = new FromClause(written, relations).withoutStars();
        new SelectCheck(text).requireSettled(rehearsal);
        FromClause sources = new FromClause(text, relations);
        LinkedHashMap<String, String> types = new LinkedHashMap<>(rehearsal.check(text.source()));
        ValidatedSelect checked =
                new ValidatedSelect(view, text, sources, sources.qualified(schema, relations), types, rehearsal);
        requireStreamFirst(sources);
        Plan plan = plan(checked);
        if (view.rememberDeletes().isPresent() && !(plan instanceof KeyedPlan)) {
            throw view.sql()
                    .complaint(
                            "`remember-deletes:` is for a view with a row of each key of its stream; this one doesn't"
                                    + " take deletes");
        }
        return plan;
    }

    private Plan plan(ValidatedSelect checked) {
        FromClause sources = checked.sources();
        return sources.streams().size() > 1 ? join(checked) : ofStream(checked);
    }

    /** Rows of the others would appear and vanish as events come. */
    private static void requireStreamFirst(FromClause sources) {
        for (FromTable stream : sources.streams()) {
            if (sources.isLeftJoined(stream) && stream.equals(sources.streams().getFirst())) {
                throw sources.text()
                        .complaint(
                                stream.place(),
                                "stream `" + stream.relation().name()
                                        + "` stands behind LEFT JOIN, and a view in front of it; begin with the stream");
            }
        }
    }

    private Plan ofStream(ValidatedSelect checked) {
        View.Sql view = checked.view();
        FromTable from = checked.sources().streams().getFirst();
        Stream stream = pipeline.stream(from.relation().name());
        Optional<GroupedWindow> window = WindowCompiler.compile(checked, pipeline);
        requireWindowForEnds(view, window);
        if (window.isPresent()) {
            return windowed(checked, window.get());
        }
        Optional<Groups> groups = GroupsCompiler.compile(checked);
        if (groups.isPresent()) {
            return new GroupedPlan(checked, from, groups.get(), table(checked));
        }
        if (view.toTopic().isPresent()) {
            requireColumns(checked);
            return new EmitPlan(checked, from, stream);
        }
        return view.append()
                ? new AppendPlan(checked, RowOrigin.of(from), table(checked))
                : keyed(checked, from, stream, table(checked));
    }

    private Plan windowed(ValidatedSelect checked, GroupedWindow window) {
        return switch (window.window()) {
            case Window.Session session ->
                new SessionPlan(
                        checked,
                        window,
                        session,
                        GroupsCompiler.compileForSessions(checked).orElseThrow(),
                        table(checked));
            case Window.Tumbling ignored -> windowed(checked, window, Duration.ZERO);
            case Window.Hopping ignored -> windowed(checked, window, Duration.ZERO);
        };
    }

    private Plan windowed(ValidatedSelect checked, GroupedWindow window, Duration delay) {
        return new WindowedPlan(checked, window, GroupsCompiler.compile(checked).orElseThrow(), table(checked), delay);
    }

    private static void requireWindowForEnds(View.Sql view, Optional<GroupedWindow> window) {
        Optional<View.ToTopic> topic = view.toTopic();
        if (window.isEmpty()) {
            if (topic.filter(t -> t.emit() == View.Emit.FINAL).isPresent()) {
                throw view.sql().complaint("`emit: final` waits for a window to end, and this SELECT has none");
            }
            if (view.retain().isPresent()) {
                throw view.sql()
                        .complaint(
                                "`retain:` says how long rows stay whose window has ended, and this SELECT has none");
            }
        } else if (topic.filter(t -> t.emit() == View.Emit.CHANGES).isPresent()) {
            throw view.sql()
                    .complaint("windows are written to a topic once, when they are final; write `to-topic: {topic: "
                            + topic.get().topic() + ", emit: final}`");
        }
    }

    private String table(ValidatedSelect checked) {
        return Sql.quote(stateSchema(schema)) + "." + Sql.quote(checked.view().name());
    }

    private Plan join(ValidatedSelect checked) {
        StreamJoin join = new StreamJoinCompiler(pipeline, checked).compile();
        Optional<GroupedWindow> window = WindowCompiler.compile(checked, pipeline);
        requireWindowForEnds(checked.view(), window);
        Stream first = pipeline.stream(join.left().relation().name());
        Plan rows = window.isPresent() ? windowed(checked, join, window.get()) : joined(checked, join, first);
        return new JoinPlan(checked, join, first, rows, window, table(checked));
    }

    /** A pair may come until the second of its events is late: that much later than the first a window is final. */
    private Plan windowed(ValidatedSelect checked, StreamJoin join, GroupedWindow window) {
        boolean ofLeft = window.stream().equals(join.left());
        if (window.window() instanceof Window.Session) {
            throw checked.view()
                    .sql()
                    .complaint(
                            "sessions over a join of streams aren't kept; write the join to a topic with `to-topic:`,"
                                    + " declare that as a stream, and group its events by session");
        }
        if (join.isOuter() && !ofLeft) {
            throw checked.view()
                    .sql()
                    .complaint("a row of a LEFT JOIN may have no event of `"
                            + join.right().alias()
                            + "`; group by a window of the event time of `"
                            + join.left().alias() + "`");
        }
        Duration keep = ofLeft ? join.keepsLeft() : join.keepsRight();
        return windowed(checked, window, keep.isNegative() ? Duration.ZERO : keep);
    }

    private Plan joined(ValidatedSelect checked, StreamJoin join, Stream first) {
        Optional<Groups> groups = GroupsCompiler.compile(checked);
        if (groups.isPresent()) {
            return new GroupedPlan(checked, join.left(), groups.get(), table(checked));
        }
        if (checked.view().toTopic().isPresent()) {
            requireColumns(checked);
            return new EmitPlan(checked, join.left());
        }
        if (checked.view().append()) {
            return new AppendPlan(checked, RowOrigin.of(join), table(checked));
        }
        if (checked.view().key().isEmpty()) {
            throw checked.view()
                    .sql()
                    .complaint(
                            "a join of streams makes a row of each two events that match; write `append: true` to have"
                                    + " them all, or name in `key:` the columns of the result of which only the newest counts");
        }
        return new OwnKeyPlan(checked, RowOrigin.of(join), first, requireColumns(checked), table(checked));
    }

    private static Plan keyed(ValidatedSelect checked, FromTable from, Stream stream, String table) {
        View.Sql view = checked.view();
        Optional<LinkedHashMap<String, String>> key = KeyedPlan.keyOf(checked, from, stream);
        if (!view.key().isEmpty() && !key.map(k -> List.copyOf(k.values())).equals(Optional.of(view.key()))) {
            return new OwnKeyPlan(checked, RowOrigin.of(from), stream, requireColumns(checked), table);
        }
        checked.multiplies().ifPresent(function -> {
            throw view.sql()
                    .complaint("`" + function + "` may make several rows of an event, and of each "
                            + String.join(", ", stream.key()) + " there is one row; write `append: true`, or name in"
                            + " `key:` the columns of the result that tell the rows apart");
        });
        return new KeyedPlan(
                checked,
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

    private static List<String> requireColumns(ValidatedSelect checked) {
        for (String column : checked.view().key()) {
            if (!checked.names().contains(column)) {
                throw checked.view()
                        .sql()
                        .complaint("`key:` names `" + column + "`, but the result has "
                                + String.join(", ", checked.names()));
            }
        }
        return checked.view().key();
    }
}
