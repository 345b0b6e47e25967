package dev.leat.view.sql;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.PipelineException;
import dev.leat.pipeline.SqlText;
import dev.leat.pipeline.View;
import dev.leat.postgres.Tx;
import dev.leat.view.sql.resolve.Resolution;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** From a view's SELECT to the plan by which it is kept. */
final class SelectCompiler {

    private static final String STAND_INS = "pg_temp";

    private final Pipeline pipeline;
    private final String schema;

    /** @param schema of the views that readers see */
    SelectCompiler(Pipeline pipeline, String schema) {
        this.pipeline = pipeline;
        this.schema = schema;
    }

    /** One whose plans are only looked at: the views that SELECTs read needn't exist. */
    static SelectCompiler overStandIns(Pipeline pipeline) {
        return new SelectCompiler(pipeline, STAND_INS);
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
        Plan plan = compiled(tx, view, relations);
        if (view.bound().isPresent() && isCompiled(tx, view.unbounded(), relations)) {
            throw view.sql().complaint(OptionsCheck.NO_BOUND);
        }
        return plan;
    }

    private boolean isCompiled(Tx tx, View.Sql view, Map<String, Relation> relations) {
        try {
            compiled(tx, view, relations);
            return true;
        } catch (PipelineException refused) {
            return false;
        }
    }

    private Plan compiled(Tx tx, View.Sql view, Map<String, Relation> relations) {
        try (DryRun dryRun = new DryRun(tx, schema, relations.values())) {
            if (Recomputed.is(view)) {
                SqlText checked = dryRun.requireSameEachTime(view.sql(), dryRun.resolve(view.sql()));
                return new RecomputeCompiler(pipeline, schema, stateSchema(schema))
                        .compile(view.reading(checked), relations, dryRun);
            }
            SelectText written = SelectText.parse(view.sql());
            if (!view.isPlain()) {
                new SelectCheck(written).requireOneSelect();
            }
            Resolution resolution = dryRun.resolve(view.sql());
            if (view.isPlain()) {
                return plain(view, AsOfRewrite.writtenOut(written, pipeline), dryRun);
            }
            new SelectCheck(written).requireNoWindowFunction();
            View.Sql checked = view.reading(dryRun.requireSameEachTime(view.sql(), resolution));
            return mergedOrRecomputed(checked, relations, dryRun);
        }
    }

    /** What aggregates can't be merged from parts, as percentiles, is computed again from the group's events. */
    private Plan mergedOrRecomputed(View.Sql view, Map<String, Relation> relations, DryRun dryRun) {
        try {
            return compile(view, AsOfRewrite.writtenOut(SelectText.parse(view.sql()), pipeline), relations, dryRun);
        } catch (NotMergeable refused) {
            if (!Recomputed.canBe(view)) {
                throw refused.refusal();
            }
            return new RecomputeCompiler(pipeline, schema, stateSchema(schema)).compile(view, relations, dryRun);
        }
    }

    private Plan plain(View.Sql view, SelectText text, DryRun dryRun) {
        Resolution resolution = dryRun.resolve(text.source());
        ValidatedSelect validated = new ValidatedSelect(view, text, null, new TextEdits(), resolution, dryRun);
        List<String> key =
                view.key().isEmpty() ? List.of(validated.names().getFirst()) : MergedPlans.requireColumns(validated);
        return new PlainPlan(validated.columns(), key, Optional.of(text.source().text()));
    }

    private Plan compile(View.Sql view, SelectText written, Map<String, Relation> relations, DryRun dryRun) {
        FromClause from = new FromClause(written, relations);
        SelectText text = WholeRows.writtenOut(from.withoutStars(), from);
        FromClause fromClause = new FromClause(text, relations);
        Resolution resolution = dryRun.resolve(text.source());
        AsOfRewrite.requireNoneLeft(text, resolution);
        ValidatedSelect validated = new ValidatedSelect(
                view, text, fromClause, fromClause.qualified(schema, relations), resolution, dryRun);
        requireStreamFirst(fromClause);
        Plan plan = new MergedPlans(pipeline, stateSchema(schema)).plan(validated);
        OptionsCheck.requireIndexable(view, plan);
        if (view.rememberDeletes().isPresent() && !(plan instanceof KeyedPlan)) {
            throw view.sql()
                    .complaint(
                            "`remember-deletes:` is for a view with a row of each key of its stream; this one doesn't"
                                    + " take deletes");
        }
        return plan;
    }

    /** Rows of the others would appear and vanish as events come. */
    private static void requireStreamFirst(FromClause fromClause) {
        for (FromTable stream : fromClause.streams()) {
            if (fromClause.isLeftJoined(stream)
                    && stream.equals(fromClause.streams().getFirst())) {
                throw fromClause
                        .text()
                        .complaint(
                                stream.place(),
                                "stream `" + stream.relation().name()
                                        + "` comes after LEFT JOIN, and a view before it; begin with the stream");
            }
        }
    }
}
