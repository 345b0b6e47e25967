package dev.leat.view.sql;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.PipelineException;
import dev.leat.pipeline.time.EventTime;
import dev.leat.postgres.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds the window that a SELECT groups by. Its calls become columns that the batch brings along; calls outside of the
 * groups stay calls.
 */
final class WindowCompiler {

    private final ValidatedSelect validated;
    private final SelectText text;
    private final List<FromTable> streams;
    private final Pipeline pipeline;

    private WindowCompiler(ValidatedSelect validated, Pipeline pipeline) {
        this.validated = validated;
        this.text = validated.text();
        this.streams = validated.fromClause().streams();
        this.pipeline = pipeline;
    }

    /** Whether the SELECT groups and speaks of windows: known before its streams' contracts are. */
    static boolean isWindowed(SelectText text) {
        return !text.groups().isEmpty()
                && text.items().stream()
                        .flatMap(i -> ExpressionParts.of(text, i.tree().getExpression()).calls().stream())
                        .anyMatch(GroupedWindow::isNamed);
    }

    /** Whether it groups by sessions, as far as its text tells. */
    static boolean hasSessions(SelectText text) {
        return isWindowed(text)
                && text.items().stream()
                        .flatMap(i -> ExpressionParts.of(text, i.tree().getExpression()).calls().stream())
                        .anyMatch(call -> call.name().equals("session"));
    }

    /** @throws PipelineException when the window can't be kept */
    static Optional<GroupedWindow> compile(ValidatedSelect validated, Pipeline pipeline) {
        return new WindowCompiler(validated, pipeline).compile();
    }

    private Optional<GroupedWindow> compile() {
        List<Call> calls = calls();
        Optional<GroupedWindow> grouped = Optional.empty();
        String normal = null;
        for (GroupedBy group : GroupedBy.of(validated)) {
            int item = group.item().orElse(-1);
            Call call = item < 0 ? null : callIn(text.items().get(item).expression(), calls);
            if (call == null) {
                continue;
            }
            if (normal != null && !normal.equals(text.normal(call.place()))) {
                throw text.complaint(
                        call.place(), "a SELECT can be cut into one sort of windows; declare a view for each");
            }
            normal = text.normal(call.place());
            FromTable from = cut(call);
            grouped = Optional.of(new GroupedWindow(
                    new WindowArguments(validated, call).window(),
                    validated.names().get(item),
                    from));
        }
        rewrite(calls, normal, grouped);
        grouped.ifPresent(window ->
                validated.dryRun().addColumns(window.stream().relation().name(), Window.OWN_COLUMNS));
        return grouped;
    }

    private List<Call> calls() {
        List<Call> calls = new ArrayList<>();
        text.items()
                .forEach(i -> calls.addAll(
                        ExpressionParts.of(text, i.tree().getExpression()).calls()));
        for (var condition : new net.sf.jsqlparser.expression.Expression[] {
            text.select().getWhere(), text.select().getHaving()
        }) {
            if (condition != null) {
                calls.addAll(ExpressionParts.of(text, condition).calls());
            }
        }
        calls.removeIf(call -> !GroupedWindow.isNamed(call));
        return calls;
    }

    /** The call that a group is; null for one without. */
    private Call callIn(TextSpan group, List<Call> calls) {
        for (Call call : calls) {
            if (text.normal(call.place()).equals(text.normal(group))) {
                return call;
            }
            if (group.contains(call.place())) {
                throw text.complaint(
                        group,
                        "`" + text.text(group) + "` is computed from a window; group by `" + text.text(call.place())
                                + "` as it is, and compute with it in the SELECT or in a view over this one");
            }
        }
        return null;
    }

    private void rewrite(List<Call> calls, String normal, Optional<GroupedWindow> grouped) {
        for (Call call : calls) {
            if (text.normal(call.place()).equals(normal)) {
                String alias = grouped.orElseThrow().stream().alias();
                validated.edits().replace(call.place(), Sql.quote(alias) + "." + Window.WINDOW);
            } else if (call.name().equals("session")) {
                throw text.complaint(
                        call.place(),
                        "a session consists of several events: select `" + text.text(call.place())
                                + "` and group by it");
            } else if (call.name().equals("hop")) {
                throw text.complaint(
                        call.place(),
                        "each event is in several windows: select `" + text.text(call.place()) + "` and group by it");
            } else {
                int begin = call.place().begin();
                String written = text.text(call.place());
                int paren = written.indexOf('(');
                validated.edits().replace(new TextSpan(begin, begin + paren), "leat." + call.name());
            }
        }
    }

    /** The stream whose events a window cuts: the one whose event time it is of. */
    private FromTable cut(Call call) {
        TextSpan time = text.commaSeparated(call.arguments()).get(WindowArguments.lengths(call));
        String written = text.text(text.tokens().unwrapped(time)).trim();
        int dot = written.lastIndexOf('.');
        String column = SelectText.unquoted(written.substring(dot + 1));
        return streams.stream()
                .filter(s -> dot < 0
                        || SelectText.unquoted(written.substring(0, dot)).equals(s.alias()))
                .filter(s -> column.equals(EventColumns.TIME.name())
                        ? eventTime(s).isPresent()
                        : eventTime(s).equals(Optional.of(column)))
                .findFirst()
                .orElseThrow(() -> notOfEventTime(call, time));
    }

    /** What a SELECT may call it, besides {@code _time}. */
    private Optional<String> eventTime(FromTable from) {
        EventTime time = pipeline.stream(from.relation().name()).eventTime();
        return time.isDeclared() ? Optional.of(time.field().orElse(EventColumns.TIME.name())) : Optional.empty();
    }

    private PipelineException notOfEventTime(Call call, TextSpan time) {
        for (FromTable from : streams) {
            if (eventTime(from).isEmpty()) {
                return text.complaint(
                        call.place(),
                        "a window without event time: stream `"
                                + from.relation().name()
                                + "` doesn't say which field tells when an event happened; name it in `event-time:`");
            }
        }
        return text.complaint(
                time,
                "only windows of "
                        + streams.stream()
                                .map(s -> "`" + eventTime(s).orElseThrow() + "`, the event time of stream `"
                                        + s.relation().name() + "`,")
                                .collect(Collectors.joining(" or "))
                        + " become final; group by date_bin(…, `"
                        + text.text(time).trim()
                        + "`, …) or date_trunc(…) for groups that never do");
    }
}
