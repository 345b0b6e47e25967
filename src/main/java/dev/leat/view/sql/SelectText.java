package dev.leat.view.sql;

import dev.leat.pipeline.Names;
import dev.leat.pipeline.PipelineException;
import dev.leat.pipeline.SqlText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import net.sf.jsqlparser.expression.Alias;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.parser.CCJSqlParserUtil;
import net.sf.jsqlparser.parser.ParseException;
import net.sf.jsqlparser.statement.select.Join;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.statement.select.SelectItem;

/**
 * One SELECT: the parser's tree, and where its clauses are in the text. What Postgres gets is put together from pieces of
 * the text, not from the tree, so that nothing is lost that the tree doesn't know.
 */
final class SelectText {

    /** What can follow a join's condition. */
    private static final Set<String> JOINS =
            Set.of("JOIN", "LEFT", "RIGHT", "FULL", "INNER", "CROSS", "NATURAL", "STRAIGHT_JOIN", ",");

    private final SqlText source;
    private final Select statement;
    private final SqlTokens tokens;

    // The index of each clause's keyword among the tokens; only those outside of all parentheses.
    private final Map<String, Integer> clauses = new HashMap<>();

    /**
     * @param expression what is selected, without its name
     * @param name what it is called; empty where it is for Postgres to say
     */
    record Item(SelectItem<?> tree, TextSpan expression, Optional<String> name) {}

    private SelectText(SqlText source, Select statement) {
        this.source = source;
        this.statement = statement;
        this.tokens = new SqlTokens(source.text(), statement.getASTNode().jjtGetFirstToken());
        findClauses();
    }

    /** @throws PipelineException when it can't be read */
    static SelectText parse(SqlText source) {
        try {
            var parser = CCJSqlParserUtil.newParser(source.text()).withAllowComplexParsing(true);
            return new SelectText(source, (Select) parser.Statement());
        } catch (ParseException e) {
            throw source.complaint(
                    "can't be read: " + e.getMessage().lines().findFirst().orElse(""));
        }
    }

    private void findClauses() {
        int depth = 0;
        for (int i = 0; i < tokens.size(); i++) {
            String word = tokens.word(i);
            switch (word) {
                case "(", "[" -> depth++;
                case ")", "]" -> depth--;
                case "FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "FETCH", "UNION", "WINDOW" -> {
                    // As in IS DISTINCT FROM, WITHIN GROUP.
                    if (depth == 0 && !(i > 0 && tokens.isWord(i - 1, "DISTINCT", "WITHIN", ".", "AS"))) {
                        clauses.putIfAbsent(word, i);
                    }
                }
                default -> {}
            }
        }
    }

    SqlText source() {
        return source;
    }

    /** The whole statement, which may be more than one SELECT. */
    Select statement() {
        return statement;
    }

    PlainSelect select() {
        return (PlainSelect) statement;
    }

    String text(TextSpan span) {
        return source.text().substring(span.begin(), span.end());
    }

    TextSpan whole() {
        return tokens.whole();
    }

    PipelineException complaint(TextSpan place, String problem) {
        return source.complaint(place.begin(), problem);
    }

    /** What is selected. */
    List<Item> items() {
        int from = clauses.getOrDefault("FROM", tokens.size());
        List<Item> items = new ArrayList<>();
        List<int[]> ranges = tokens.commaSeparated(1, from);
        List<SelectItem<?>> trees = select().getSelectItems();
        for (int i = 0; i < ranges.size(); i++) {
            items.add(item(trees.get(i), ranges.get(i)[0], ranges.get(i)[1]));
        }
        return items;
    }

    private Item item(SelectItem<?> tree, int first, int end) {
        Alias alias = tree.getAlias();
        if (alias == null) {
            return new Item(tree, tokens.span(first, end), Optional.empty());
        }
        int last = tokens.isWord(end - 2, "AS") ? end - 2 : end - 1;
        String name = unquoted(tokens.image(end - 1));
        Names.problem(name).ifPresent(problem -> {
            throw source.complaint("column `" + name + "` " + problem + "; call it otherwise");
        });
        return new Item(tree, tokens.span(first, last), Optional.of(name));
    }

    /** What is selected, and the conditions of WHERE, HAVING and ON. */
    List<Expression> expressions() {
        PlainSelect select = select();
        List<Expression> all = new ArrayList<>();
        select.getSelectItems().forEach(item -> all.add(item.getExpression()));
        Stream.of(select.getWhere(), select.getHaving())
                .filter(Objects::nonNull)
                .forEach(all::add);
        joins().forEach(join -> all.addAll(join.getOnExpressions()));
        return all;
    }

    List<Join> joins() {
        return Objects.requireNonNullElse(select().getJoins(), List.of());
    }

    /** FROM with all its joins, up to the next clause. */
    TextSpan from() {
        return clause("FROM");
    }

    /** The words that make the join of a table an outer one: {@code LEFT} or {@code LEFT OUTER}. */
    Optional<TextSpan> outer(TextSpan table) {
        int last = tokens.at(table.begin()) - 2;
        int first = last > 0 && tokens.isWord(last, "OUTER") ? last - 1 : last;
        return first > 0 && tokens.isWord(first, "LEFT") ? Optional.of(tokens.span(first, last + 1)) : Optional.empty();
    }

    /** The condition under which a table is joined, without ON. */
    TextSpan condition(TextSpan table) {
        int at = tokens.at(table.begin());
        while (!tokens.isWord(at, "ON")) {
            at++;
        }
        int end = at + 1;
        for (int depth = 0; end < end(clauses.get("FROM")); end++) {
            String word = tokens.word(end);
            boolean call = end + 1 < tokens.size() && tokens.isWord(end + 1, "(");
            if (depth == 0 && JOINS.contains(word) && !call) {
                break;
            }
            depth += word.equals("(") ? 1 : word.equals(")") ? -1 : 0;
        }
        return tokens.span(at + 1, end);
    }

    /** WHERE, with the word. */
    Optional<TextSpan> where() {
        return clauses.containsKey("WHERE") ? Optional.of(clause("WHERE")) : Optional.empty();
    }

    /** The condition of HAVING, without the word. */
    Optional<TextSpan> having() {
        return Optional.ofNullable(clauses.get("HAVING")).map(at -> tokens.span(at + 1, end(at)));
    }

    /** What is grouped by, each by itself. */
    List<TextSpan> groups() {
        Integer at = clauses.get("GROUP");
        return at == null
                ? List.of()
                : tokens.commaSeparated(at + 2, end(at)).stream()
                        .map(range -> tokens.span(range[0], range[1]))
                        .toList();
    }

    private TextSpan clause(String word) {
        int at = clauses.get(word);
        return tokens.span(at, end(at));
    }

    /** Where the clause ends that begins there: at the next one. */
    private int end(int clause) {
        return clauses.values().stream()
                .filter(at -> at > clause)
                .min(Integer::compare)
                .orElse(tokens.size());
    }

    /** The pieces of a piece between its commas. */
    List<TextSpan> commaSeparated(TextSpan piece) {
        return tokens.commaSeparated(piece);
    }

    /** A piece with names in small letters and one space between all tokens. */
    String normal(TextSpan piece) {
        return tokens.normal(piece);
    }

    SqlTokens tokens() {
        return tokens;
    }

    /** An identifier as Postgres knows it. */
    static String unquoted(String identifier) {
        return Names.unquoted(identifier);
    }
}
