package dev.leat.pipeline.sql;

import dev.leat.pipeline.sql.Query.FromElement;
import dev.leat.pipeline.sql.Query.Join;
import dev.leat.pipeline.sql.Query.SubLink;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds what a FROM reads, and how that is joined. */
final class FromParser {

    private static final Set<String> JOIN_WORDS = Set.of("JOIN", "INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL");

    private final Inner parser;
    private final Tokens tokens;

    FromParser(Inner parser, Tokens tokens) {
        this.parser = parser;
        this.tokens = tokens;
    }

    /** @param links gets the queries within conditions */
    List<FromElement> elements(int[] range, Map<String, Inner.Named> scope, List<SubLink> links) {
        List<FromElement> elements = new ArrayList<>();
        Join join = Join.FIRST;
        int at = range[0];
        while (at < range[1]) {
            int end = nextJoin(at, range[1]);
            if (end == at) {
                throw parser.refused(
                        at,
                        "expected a stream, a view, a query or a function here; quote a name that is a"
                                + " word of SQL");
            }
            elements.add(element(join, at, end, scope, links));
            if (end == range[1]) {
                break;
            }
            at = end;
            if (tokens.isSymbol(at, ",")) {
                join = Join.COMMA;
                at++;
            } else {
                if (tokens.is(at, "NATURAL")) {
                    throw parser.refused(at, "NATURAL JOIN follows whatever columns come; write ON or USING");
                }
                join = join(at);
                at = afterJoin(at, range[1]);
            }
        }
        return elements;
    }

    private int afterJoin(int first, int end) {
        int at = first;
        while (at < end && !tokens.is(at, "JOIN")) {
            at++;
        }
        if (at + 1 >= end) {
            throw parser.refused(first, "the join ends too early; expected JOIN and what is joined");
        }
        return at + 1;
    }

    private Join join(int at) {
        return switch (tokens.get(at).text().toUpperCase(java.util.Locale.ROOT)) {
            case "LEFT" -> Join.LEFT;
            case "RIGHT" -> Join.RIGHT;
            case "FULL" -> Join.FULL;
            case "CROSS" -> Join.CROSS;
            default -> Join.INNER;
        };
    }

    /** The comma or the first word of the next join. LEFT and RIGHT are functions, too. */
    private int nextJoin(int from, int end) {
        for (int i = from; i < end; i = tokens.after(i)) {
            int at = i;
            boolean isCall = (tokens.is(i, "LEFT") || tokens.is(i, "RIGHT")) && tokens.isSymbol(i + 1, "(");
            if (tokens.isSymbol(i, ",") || JOIN_WORDS.stream().anyMatch(word -> tokens.is(at, word)) && !isCall) {
                return i;
            }
        }
        return end;
    }

    private FromElement element(Join join, int from, int end, Map<String, Inner.Named> scope, List<SubLink> links) {
        boolean lateral = tokens.is(from, "LATERAL");
        int first = lateral || tokens.is(from, "ONLY") ? from + 1 : from;
        int condition = tokens.find(first, end, Set.of("ON", "USING"));
        if (condition < end && tokens.find(condition + 1, end, Set.of("ON", "USING")) < end) {
            throw parser.refused(first, "write each join's ON behind the table that it joins");
        }
        if (condition < end) {
            parser.findLinks(condition + 1, end, scope, links);
        }
        int after = sourceEnd(first, condition);
        int alias =
                tokens.get(Math.min(after, tokens.size() - 1)).isWord("AS") && after < condition ? after + 1 : after;
        Optional<Span> columns = Optional.empty();
        String name = "";
        if (alias < condition) {
            if (!tokens.get(alias).isName() || tokens.is(alias, "TABLESAMPLE") || tokens.is(alias, "WITH")) {
                throw parser.refused(
                        alias, "this can't be kept current; a stream or view in FROM has a name and an alias");
            }
            name = tokens.get(alias).name();
            columns = alias + 1 < condition ? Optional.of(tokens.span(alias + 1, condition)) : Optional.empty();
        }
        Optional<Span> on = condition < end ? Optional.of(tokens.span(condition, end)) : Optional.empty();
        return element(join, lateral, first, after, name, columns, on, scope);
    }

    private FromElement element(
            Join join,
            boolean lateral,
            int first,
            int after,
            String alias,
            Optional<Span> columns,
            Optional<Span> on,
            Map<String, Inner.Named> scope) {
        Span place = tokens.span(first, after);
        if (tokens.isSymbol(first, "(")) {
            if (!parser.isQuery(first + 1)) {
                throw parser.refused(first, "a join in parentheses: write it as (SELECT … FROM …) with an alias");
            }
            Query query = parser.query(first + 1, after - 1, scope);
            return new FromElement(join, lateral, new Query.SubQuery(query, place), alias, columns, on);
        }
        if (tokens.isSymbol(after - 1, ")")) {
            String called =
                    alias.isEmpty() ? tokens.get(tokens.partner(after - 1) - 1).name() : alias;
            return new FromElement(join, lateral, new Query.Function(place), called, columns, on);
        }
        String name = tokens.get(after - 1).name();
        String called = alias.isEmpty() ? name : alias;
        Inner.Named named = after == first + 1 ? scope.get(name) : null;
        if (named != null) {
            Query query = parser.query(named.from(), named.end(), named.scope());
            return new FromElement(
                    join, lateral, new Query.SubQuery(query, place), called, columns.or(named::columns), on);
        }
        return new FromElement(join, lateral, new Query.Table(name, place), called, columns, on);
    }

    /** After the name, the call or the query in parentheses. */
    private int sourceEnd(int first, int end) {
        if (tokens.isSymbol(first, "(")) {
            return tokens.after(first);
        }
        int at = first + 1;
        while (at + 1 < end && tokens.isSymbol(at, ".")) {
            at += 2;
        }
        return at < end && tokens.isSymbol(at, "(") ? tokens.after(at) : at;
    }
}
