package dev.leat.view.sql;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.PipelineException;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.view.statement.Sql;
import dev.leat.view.statement.Tx;
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
        try (Rehearsal rehearsal = new Rehearsal(tx, schema, relations.values())) {
            SelectText written = SelectText.parse(view.sql());
            if (!view.isPlain()) {
                new SelectCheck(written).requireOneSelect();
            }
            rehearsal.check(view.sql());
            SelectText text = AsOf.writtenOut(written, pipeline);
            return view.isPlain() ? plain(view, text, rehearsal) : compile(view, text, relations, rehearsal);
        }
    }

    private Plan plain(View.Sql view, SelectText text, Rehearsal rehearsal) {
        LinkedHashMap<String, String> types =
                new LinkedHashMap<>(rehearsal.columns(text.source().text()));
        Checked checked = new Checked(view, text, null, new Edits(), types, rehearsal);
        List<String> key = view.key().isEmpty() ? List.of(checked.names().getFirst()) : requireColumns(checked);
        return new PlainPlan(checked.columns(), key, Optional.of(text.source().text()));
    }

    private Plan compile(View.Sql view, SelectText written, Map<String, Relation> relations, Rehearsal rehearsal) {
        SelectText text = new Sources(written, relations).withoutStars();
        new SelectCheck(text).requireSettled(rehearsal);
        Sources sources = new Sources(text, relations);
        LinkedHashMap<String, String> types = new LinkedHashMap<>(rehearsal.check(text.source()));
        Checked checked = new Checked(view, text, sources, sources.qualified(schema, relations), types, rehearsal);
        requireStreamFirst(sources);
        return sources.streams().size() > 1 ? join(checked) : ofStream(checked);
    }

    /** Rows of the others would appear and vanish as events come. */
    private static void requireStreamFirst(Sources sources) {
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

    private Plan ofStream(Checked checked) {
        View.Sql view = checked.view();
        FromTable from = checked.sources().streams().getFirst();
        Stream stream = pipeline.stream(from.relation().name());
        Optional<GroupedWindow> window = WindowCompiler.compile(checked, from, stream);
        Optional<Groups> groups = GroupsCompiler.compile(checked);
        if (window.isPresent()) {
            return windowed(checked, window.get(), groups.orElseThrow());
        }
        requireWindowForFinal(view);
        if (groups.isPresent()) {
            return new GroupedPlan(checked, from, groups.get(), table(checked));
        }
        if (view.toTopic().isPresent()) {
            requireColumns(checked);
            return new EmitPlan(checked, from, stream);
        }
        return view.append()
                ? new AppendPlan(checked, Origins.of(from), table(checked))
                : keyed(checked, from, stream, table(checked));
    }

    private Plan windowed(Checked checked, GroupedWindow window, Groups groups) {
        View.Sql view = checked.view();
        if (view.toTopic().filter(t -> t.emit() == View.Emit.CHANGES).isPresent()) {
            throw view.sql()
                    .complaint("windows are written to a topic once, when they are final; write `to-topic: {topic: "
                            + view.toTopic().get().topic() + ", emit: final}`");
        }
        requireNoValues(checked, groups, "by window");
        return switch (window.window()) {
            case Window.Session session -> new SessionPlan(checked, window, session, groups, table(checked));
            case Window.Tumbling ignored -> new WindowedPlan(checked, window, groups, table(checked));
            case Window.Hopping ignored -> new WindowedPlan(checked, window, groups, table(checked));
        };
    }

    private static void requireWindowForFinal(View.Sql view) {
        if (view.toTopic().filter(t -> t.emit() == View.Emit.FINAL).isPresent()) {
            throw view.sql().complaint("`emit: final` waits for a window to end, and this SELECT has none");
        }
    }

    private static void requireNoValues(Checked checked, Groups groups, String where) {
        if (groups.keepsValues()) {
            throw checked.view()
                    .sql()
                    .complaint("count(DISTINCT …) isn't kept " + where
                            + "; group by the value too, and count its rows in a view" + " over this one");
        }
    }

    private String table(Checked checked) {
        return Sql.quote(stateSchema(schema)) + "." + Sql.quote(checked.view().name());
    }

    private Plan join(Checked checked) {
        StreamJoin join = new StreamJoinCompiler(pipeline, checked).compile();
        Stream first = pipeline.stream(join.left().relation().name());
        return new JoinPlan(checked, join, first, joined(checked, join, first), table(checked));
    }

    private Plan joined(Checked checked, StreamJoin join, Stream first) {
        if (WindowCompiler.isWindowed(checked.text())) {
            throw checked.view()
                    .sql()
                    .complaint(
                            "windows over a join of streams aren't kept; keep the join with `append: true`, and group by"
                                    + " date_bin(…) in a view over it");
        }
        Optional<Groups> groups = GroupsCompiler.compile(checked);
        requireWindowForFinal(checked.view());
        if (groups.isPresent()) {
            return new GroupedPlan(checked, join.left(), groups.get(), table(checked));
        }
        if (checked.view().toTopic().isPresent()) {
            requireColumns(checked);
            return new EmitPlan(checked, join.left());
        }
        if (checked.view().append()) {
            return new AppendPlan(checked, Origins.of(join), table(checked));
        }
        if (checked.view().key().isEmpty()) {
            throw checked.view()
                    .sql()
                    .complaint(
                            "a join of streams makes a row of each two events that match; write `append: true` to have"
                                    + " them all, or name in `key:` the columns of the result of which only the newest counts");
        }
        return new OwnKeyPlan(checked, Origins.of(join), first, requireColumns(checked), table(checked));
    }

    private static Plan keyed(Checked checked, FromTable from, Stream stream, String table) {
        View.Sql view = checked.view();
        Optional<LinkedHashMap<String, String>> key = KeyedPlan.keyOf(checked, from, stream);
        if (!view.key().isEmpty() && !key.map(k -> List.copyOf(k.values())).equals(Optional.of(view.key()))) {
            return new OwnKeyPlan(checked, Origins.of(from), stream, requireColumns(checked), table);
        }
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

    private static List<String> requireColumns(Checked checked) {
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
