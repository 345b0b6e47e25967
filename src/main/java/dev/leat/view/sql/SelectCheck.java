package dev.leat.view.sql;

import dev.leat.pipeline.PipelineException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import net.sf.jsqlparser.statement.select.Join;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.Select;

/** Refuses what can't be kept current as events come, with the reason and, where there is one, the way to write it. */
final class SelectCheck {

    /** Functions that are stable and not immutable, because they depend on a setting. We set it the same in every session. */
    private static final Set<String> STABLE_BUT_ALLOWED = Set.of(
            "date_trunc",
            "date_part",
            "extract",
            "to_char",
            "to_timestamp",
            "to_date",
            "to_number",
            "timezone",
            "date",
            "concat",
            "concat_ws",
            "format",
            "array_to_string",
            "string_to_array",
            "to_json",
            "to_jsonb",
            "jsonb_build_object",
            "jsonb_build_array",
            "json_build_object",
            "json_build_array",
            "row_to_json",
            "jsonb_agg",
            "json_agg",
            "jsonb_object_agg",
            "array_to_json",
            "age",
            "timestamptz",
            "timestamp",
            "to_tsvector");

    private final SelectText text;

    SelectCheck(SelectText text) {
        this.text = text;
    }

    /** What the shape of the statement tells. */
    void requireOneSelect() {
        Select statement = text.statement();
        if (!(statement instanceof PlainSelect select)) {
            throw refused(
                    "UNION and its like can't be kept current; declare a view for each SELECT, and a view over them");
        }
        if (statement.getWithItemsList() != null) {
            throw refused("WITH can't be kept current; declare what it names as a view of its own");
        }
        if (statement.getOrderByElements() != null
                || statement.getLimit() != null
                || statement.getFetch() != null
                || statement.getOffset() != null) {
            throw refused(
                    "ORDER BY, LIMIT and OFFSET belong to the question, not to the view: `?order=…&limit=…`, or a view over"
                            + " this one");
        }
        if (statement.getForMode() != null) {
            throw refused("FOR UPDATE has no meaning in a view; leave it out");
        }
        if (select.getDistinct() != null) {
            throw refused("DISTINCT can't be kept current; write GROUP BY with the same columns");
        }
        if (select.getGroupBy() != null
                && !select.getGroupBy().getGroupingSets().isEmpty()) {
            throw refused("GROUPING SETS can't be kept current; declare a view for each of them");
        }
        if (select.getQualify() != null || select.getWindowDefinitions() != null) {
            throw refused("window functions need all rows; ask for them in a view over a `log` or `latest` view");
        }
        for (Join join : text.joins()) {
            if (join.isRight() || join.isFull()) {
                throw refused("RIGHT and FULL JOIN can't be kept current; begin with the stream and write LEFT JOIN");
            }
        }
    }

    /** What its functions tell. */
    void requireImmutable(DryRun dryRun) {
        List<ExpressionParts> parts = Stream.concat(text.expressions().stream(), FromClause.functions(text).stream())
                .map(e -> ExpressionParts.of(text, e))
                .toList();
        for (ExpressionParts part : parts) {
            part.clocks().forEach(clock -> {
                throw refused(clock + " is another one each time that it is asked; use the event's time");
            });
        }
        List<Call> calls = parts.stream().flatMap(p -> p.calls().stream()).toList();
        Set<String> names = new HashSet<>();
        calls.forEach(call -> names.add(call.name()));
        Map<String, DryRun.FunctionTraits> known = dryRun.functions(names);
        for (Call call : calls) {
            if (call.isWindow()) {
                throw text.complaint(
                        call.place(),
                        "a window function (OVER) needs all rows; ask for it in a view over a `log` or `latest` view");
            }
            DryRun.FunctionTraits function = known.get(call.name());
            if (function != null
                    && (function.changes() || function.varies() && !STABLE_BUT_ALLOWED.contains(call.name()))) {
                throw text.complaint(
                        call.place(),
                        "`" + call.name()
                                + "` isn't immutable: it may give another result when the view is rebuilt; "
                                + "use the event's own fields");
            }
        }
    }

    private PipelineException refused(String problem) {
        return text.source().complaint(problem);
    }
}
