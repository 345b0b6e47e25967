package dev.leat.view.sql.delta.text;

import dev.leat.pipeline.sql.Query.Select;
import dev.leat.pipeline.sql.Span;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a name or a number in GROUP BY and in DISTINCT ON stands for. */
public final class Meanings {

    private final Texts texts;
    private final Probe probe;

    public Meanings(Texts texts, Probe probe) {
        this.texts = texts;
        this.probe = probe;
    }

    /** Postgres takes a name for a column of FROM, if there is one, and for one of the result otherwise. */
    public String groupedBy(Select select, Span group) {
        String expression = texts.as(group);
        if (!isName(expression) && !isNumber(expression)) {
            return expression;
        }
        boolean isColumn = !isNumber(expression)
                && probe.columnsIfAny("SELECT " + expression + " AS c" + texts.from(select, select.from(), Texts.NAMES))
                        .isPresent();
        return isColumn ? expression : selected(select, expression).orElse(expression);
    }

    /** The other way round, as for ORDER BY. */
    public String orderedBy(Select select, Span order) {
        String expression = texts.as(order);
        return isName(expression) || isNumber(expression)
                ? selected(select, expression).orElse(expression)
                : expression;
    }

    private static boolean isName(String expression) {
        return expression.matches("[\\p{L}_][\\p{L}\\p{N}_$]*|\"([^\"]|\"\")+\"");
    }

    private static boolean isNumber(String expression) {
        return expression.matches("[0-9]+");
    }

    /** What is selected under a name or at a position. */
    private Optional<String> selected(Select select, String named) {
        List<String> expressions = texts.expressions(select, Texts.NAMES);
        if (isNumber(named)) {
            return Optional.of(expressions.get(Integer.parseInt(named) - 1));
        }
        String name = name(named);
        return select.items().stream()
                .filter(item -> item.name().filter(name::equals).isPresent())
                .map(item -> texts.as(item.expression()))
                .findFirst();
    }

    /** Which of these columns a name or a number in ORDER BY stands for, if it is one of the result. */
    public Optional<String> named(List<String> columns, String expression) {
        if (isNumber(expression)) {
            return Optional.of(columns.get(Integer.parseInt(expression) - 1));
        }
        return isName(expression) ? Optional.of(name(expression)).filter(columns::contains) : Optional.empty();
    }

    private static String name(String identifier) {
        return identifier.startsWith("\"")
                ? identifier.substring(1, identifier.length() - 1).replace("\"\"", "\"")
                : identifier.toLowerCase(Locale.ROOT);
    }
}
