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
            return view.isPlain() ? plain(view, written, rehearsal) : compile(view, written, relations, rehearsal);
        }
    }

    private Plan plain(View.Sql view, SelectText text, Rehearsal rehearsal) {
        LinkedHashMap<String, String> types =
                new LinkedHashMap<>(rehearsal.columns(view.sql().text()));
        Checked checked = new Checked(view, text, null, new Edits(), types, rehearsal);
        List<String> key = view.key().isEmpty() ? List.of(checked.names().getFirst()) : requireColumns(checked);
        return new PlainPlan(checked.columns(), key, Optional.of(view.sql().text()));
    }

    private Plan compile(View.Sql view, SelectText written, Map<String, Relation> relations, Rehearsal rehearsal) {
        SelectText text = new Sources(written, relations).withoutStars();
        new SelectCheck(text).requireSettled(rehearsal);
        Sources sources = new Sources(text, relations);
        LinkedHashMap<String, String> types = new LinkedHashMap<>(rehearsal.check(text.source()));
        Checked checked = new Checked(view, text, sources, sources.qualified(schema, relations), types, rehearsal);
        if (sources.streams().size() > 1) {
            throw view.sql()
                    .complaint("it joins streams " + String.join(", ", view.streams()) + ", which isn't known yet");
        }
        FromTable from = sources.streams().getFirst();
        Stream stream = pipeline.stream(from.relation().name());
        String table = Sql.quote(stateSchema(schema)) + "." + Sql.quote(view.name());
        Optional<GroupedWindow> window = WindowCompiler.compile(checked, from, stream);
        Optional<Groups> groups = GroupsCompiler.compile(checked);
        if (window.isPresent()) {
            if (view.toTopic().isPresent()) {
                throw view.sql()
                        .complaint("it writes windows to a topic, which isn't known yet; leave `to-topic:` out");
            }
            return switch (window.get().window()) {
                case Window.Session session ->
                    new SessionPlan(checked, window.get(), session, groups.orElseThrow(), table);
                case Window.Tumbling ignored -> new WindowedPlan(checked, window.get(), groups.orElseThrow(), table);
                case Window.Hopping ignored -> new WindowedPlan(checked, window.get(), groups.orElseThrow(), table);
            };
        }
        if (groups.isPresent()) {
            return new GroupedPlan(checked, from, groups.get(), table);
        }
        if (view.toTopic().isPresent()) {
            if (view.toTopic().get().emit() == View.Emit.FINAL) {
                throw view.sql().complaint("`emit: final` waits for a window to end, and this SELECT has none");
            }
            requireColumns(checked);
            return new EmitPlan(checked, from, stream);
        }
        return view.append() ? new AppendPlan(checked, from, table) : keyed(checked, from, stream, table);
    }

    private static Plan keyed(Checked checked, FromTable from, Stream stream, String table) {
        View.Sql view = checked.view();
        Optional<LinkedHashMap<String, String>> key = KeyedPlan.keyOf(checked, from, stream);
        if (!view.key().isEmpty() && !key.map(k -> List.copyOf(k.values())).equals(Optional.of(view.key()))) {
            return new OwnKeyPlan(checked, from, stream, requireColumns(checked), table);
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
