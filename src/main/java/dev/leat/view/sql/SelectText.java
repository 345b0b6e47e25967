package dev.leat.view.sql;

import dev.leat.pipeline.PipelineException;
import dev.leat.pipeline.SqlText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.sf.jsqlparser.expression.Alias;
import net.sf.jsqlparser.parser.CCJSqlParserUtil;
import net.sf.jsqlparser.parser.ParseException;
import net.sf.jsqlparser.parser.Token;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.statement.select.SelectItem;

/**
 * One SELECT: the library's tree, and where its parts stand in the text. What Postgres gets to see is put together from
 * pieces of the text, not from the tree, so that nothing is lost that the tree doesn't know.
 */
final class SelectText {

    /** What can follow a join's condition. */
    private static final Set<String> JOINS =
            Set.of("JOIN", "LEFT", "RIGHT", "FULL", "INNER", "CROSS", "NATURAL", "STRAIGHT_JOIN", ",");

    private static final Pattern SLICE = Pattern.compile("\\[(?:\\d*:)?(\\d{1,6})]");

    private final SqlText source;
    private final Select statement;
    private final List<Token> tokens = new ArrayList<>();

    // Where each clause's keyword stands, as an index of the tokens; only those outside of all parentheses.
    private final Map<String, Integer> clauses = new HashMap<>();

    /**
     * @param expression what is selected, without its name
     * @param name what it is called; empty where it is for Postgres to say
     */
    record Item(SelectItem<?> tree, TextSpan expression, Optional<String> name) {}

    private SelectText(SqlText source, Select statement) {
        this.source = source;
        this.statement = statement;
        for (Token token = statement.getASTNode().jjtGetFirstToken();
                token != null && token.kind != 0;
                token = token.next) {
            if (!token.image.equals(";")) {
                tokens.add(token);
            }
        }
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
            String word = tokens.get(i).image.toUpperCase(Locale.ROOT);
            switch (word) {
                case "(", "[" -> depth++;
                case ")", "]" -> depth--;
                case "FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "FETCH", "UNION", "WINDOW" -> {
                    // As in IS DISTINCT FROM, WITHIN GROUP.
                    if (depth == 0 && !(i > 0 && isWord(i - 1, "DISTINCT", "WITHIN"))) {
                        clauses.putIfAbsent(word, i);
                    }
                }
                default -> {}
            }
        }
    }

    private boolean isWord(int index, String... words) {
        return List.of(words).contains(tokens.get(index).image.toUpperCase(Locale.ROOT));
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
        return TextSpan.of(tokens.getFirst(), tokens.getLast());
    }

    PipelineException complaint(TextSpan place, String problem) {
        return source.complaint(place.begin(), problem);
    }

    /** What is selected. */
    List<Item> items() {
        int from = clauses.getOrDefault("FROM", tokens.size());
        List<Item> items = new ArrayList<>();
        List<int[]> ranges = commaSeparated(1, from);
        List<SelectItem<?>> trees = select().getSelectItems();
        for (int i = 0; i < ranges.size(); i++) {
            items.add(item(trees.get(i), ranges.get(i)[0], ranges.get(i)[1]));
        }
        return items;
    }

    private Item item(SelectItem<?> tree, int first, int end) {
        Alias alias = tree.getAlias();
        if (alias == null) {
            return new Item(tree, span(first, end), Optional.empty());
        }
        int last = isWord(end - 2, "AS") ? end - 2 : end - 1;
        return new Item(tree, span(first, last), Optional.of(unquoted(tokens.get(end - 1).image)));
    }

    /** FROM with all its joins, up to the next clause. */
    TextSpan from() {
        return clause("FROM");
    }

    /** The words that make the join of a table an outer one: {@code LEFT} or {@code LEFT OUTER}. */
    Optional<TextSpan> outer(TextSpan table) {
        int last = at(table.begin()) - 2;
        int first = last > 0 && isWord(last, "OUTER") ? last - 1 : last;
        return first > 0 && isWord(first, "LEFT") ? Optional.of(span(first, last + 1)) : Optional.empty();
    }

    /** The condition under which a table is joined, without ON. */
    TextSpan condition(TextSpan table) {
        int at = at(table.begin());
        while (!isWord(at, "ON")) {
            at++;
        }
        int end = at + 1;
        for (int depth = 0; end < end(clauses.get("FROM")); end++) {
            String word = tokens.get(end).image.toUpperCase(Locale.ROOT);
            boolean call = end + 1 < tokens.size() && isWord(end + 1, "(");
            if (depth == 0 && JOINS.contains(word) && !call) {
                break;
            }
            depth += word.equals("(") ? 1 : word.equals(")") ? -1 : 0;
        }
        return span(at + 1, end);
    }

    private int at(int begin) {
        int at = 0;
        while (tokens.get(at).absoluteBegin - 1 < begin) {
            at++;
        }
        return at;
    }

    /** WHERE, with the word. */
    Optional<TextSpan> where() {
        return clauses.containsKey("WHERE") ? Optional.of(clause("WHERE")) : Optional.empty();
    }

    /** The condition of HAVING, without the word. */
    Optional<TextSpan> having() {
        return Optional.ofNullable(clauses.get("HAVING")).map(at -> span(at + 1, end(at)));
    }

    /** What is grouped by, each by itself. */
    List<TextSpan> groups() {
        Integer at = clauses.get("GROUP");
        return at == null
                ? List.of()
                : commaSeparated(at + 2, end(at)).stream()
                        .map(range -> span(range[0], range[1]))
                        .toList();
    }

    private TextSpan clause(String word) {
        int at = clauses.get(word);
        return span(at, end(at));
    }

    /** Where the clause ends that begins there: at the next one. */
    private int end(int clause) {
        return clauses.values().stream()
                .filter(at -> at > clause)
                .min(Integer::compare)
                .orElse(tokens.size());
    }

    private List<int[]> commaSeparated(int first, int end) {
        List<int[]> ranges = new ArrayList<>();
        int depth = 0;
        int begin = first;
        for (int i = first; i < end; i++) {
            switch (tokens.get(i).image) {
                case "(", "[" -> depth++;
                case ")", "]" -> depth--;
                case "," -> {
                    if (depth == 0) {
                        ranges.add(new int[] {begin, i});
                        begin = i + 1;
                    }
                }
                default -> {}
            }
        }
        ranges.add(new int[] {begin, end});
        return ranges;
    }

    /** The pieces of a piece between its commas. */
    List<TextSpan> commaSeparated(TextSpan piece) {
        int end = at(piece.begin());
        while (end < tokens.size() && tokens.get(end).absoluteEnd - 1 <= piece.end()) {
            end++;
        }
        return commaSeparated(at(piece.begin()), end).stream()
                .map(range -> span(range[0], range[1]))
                .toList();
    }

    /** What a call is given, each by itself, up to its ORDER BY. */
    List<TextSpan> listed(TextSpan arguments) {
        int[] range = range(arguments);
        return spans(range[0], order(range).orElse(range[1]));
    }

    /** What the ORDER BY of a call's arguments names, each by itself. */
    List<TextSpan> ordered(TextSpan arguments) {
        int[] range = range(arguments);
        OptionalInt order = order(range);
        return order.isPresent() ? spans(order.getAsInt() + 2, range[1]) : List.of();
    }

    private List<TextSpan> spans(int first, int end) {
        return first >= end
                ? List.of()
                : commaSeparated(first, end).stream().map(r -> span(r[0], r[1])).toList();
    }

    /** The tokens of a piece. */
    private int[] range(TextSpan piece) {
        int first = 0;
        while (first < tokens.size() && tokens.get(first).absoluteBegin - 1 < piece.begin()) {
            first++;
        }
        int end = first;
        while (end < tokens.size() && tokens.get(end).absoluteEnd - 1 <= piece.end()) {
            end++;
        }
        return new int[] {first, end};
    }

    private OptionalInt order(int[] range) {
        int depth = 0;
        for (int i = range[0]; i < range[1]; i++) {
            switch (tokens.get(i).image) {
                case "(", "[" -> depth++;
                case ")", "]" -> depth--;
                default -> {
                    if (depth == 0 && isWord(i, "ORDER")) {
                        return OptionalInt.of(i);
                    }
                }
            }
        }
        return OptionalInt.empty();
    }

    /** The last element that is taken of a piece: 10 in {@code (…)[1:10]}, 3 in {@code (…)[3]}. */
    OptionalInt slice(TextSpan piece) {
        int[] range = range(piece);
        int at = range[1];
        if (range[0] == 0 || at + 1 >= tokens.size() || !isWord(range[0] - 1, "(") || !isWord(at, ")")) {
            return OptionalInt.empty();
        }
        StringBuilder slice = new StringBuilder();
        for (at++; at < tokens.size() && slice.indexOf("]") < 0; at++) {
            slice.append(tokens.get(at).image);
        }
        Matcher matcher = SLICE.matcher(slice);
        return matcher.matches() ? OptionalInt.of(Integer.parseInt(matcher.group(1))) : OptionalInt.empty();
    }

    private TextSpan span(int first, int end) {
        return TextSpan.of(tokens.get(first), tokens.get(end - 1));
    }

    /** What stands between the first parentheses of a piece. */
    TextSpan parenthesised(TextSpan piece) {
        int depth = 0;
        int begin = piece.begin();
        for (Token token : tokens) {
            if (token.absoluteBegin - 1 < piece.begin()) {
                continue;
            }
            if (token.image.equals("(") && depth++ == 0) {
                begin = token.absoluteEnd - 1;
            } else if (token.image.equals(")") && --depth == 0) {
                return new TextSpan(begin, token.absoluteBegin - 1);
            }
        }
        throw new IllegalArgumentException("no parentheses in " + text(piece));
    }

    /** A piece without the word that it begins with. */
    TextSpan behind(TextSpan piece, String word) {
        int begin = piece.begin() + text(piece).toUpperCase(Locale.ROOT).indexOf(word) + word.length();
        return new TextSpan(begin, piece.end());
    }

    /** A piece in a form in which the same expression always looks the same, however it was written. */
    String normal(TextSpan piece) {
        return tokens.stream()
                .filter(t -> t.absoluteBegin - 1 >= piece.begin() && t.absoluteEnd - 1 <= piece.end())
                .map(t -> t.image.startsWith("'") || t.image.startsWith("\"")
                        ? t.image
                        : t.image.toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(" "));
    }

    /** An identifier as Postgres knows it. */
    static String unquoted(String identifier) {
        return identifier.startsWith("\"")
                ? identifier.substring(1, identifier.length() - 1).replace("\"\"", "\"")
                : identifier.toLowerCase(Locale.ROOT);
    }
}
