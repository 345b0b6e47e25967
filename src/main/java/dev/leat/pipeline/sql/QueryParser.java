package dev.leat.pipeline.sql;

import dev.leat.pipeline.sql.Query.Distinct;
import dev.leat.pipeline.sql.Query.FromElement;
import dev.leat.pipeline.sql.Query.Select;
import dev.leat.pipeline.sql.Query.SetOperation;
import dev.leat.pipeline.sql.Query.SubLink;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds the clauses of a SELECT that Postgres has accepted. What WITH names is put where it is read. */
public final class QueryParser implements Inner {

    private static final Set<String> SET_OPERATORS = Set.of("UNION", "EXCEPT", "INTERSECT");
    private static final Set<String> TAILS = Set.of("ORDER", "LIMIT", "OFFSET", "FETCH", "FOR");
    private static final Set<String> CLAUSES =
            Set.of("FROM", "WHERE", "GROUP", "HAVING", "WINDOW", "ORDER", "LIMIT", "OFFSET", "FETCH", "FOR");

    private final Tokens tokens;

    private QueryParser(String text) {
        this.tokens = new Tokens(text);
    }

    /** @throws QueryException when it has what can't be kept current in any way */
    public static Query parse(String text) {
        QueryParser parser = new QueryParser(text);
        int end = parser.tokens.size();
        while (end > 0 && parser.tokens.isSymbol(end - 1, ";")) {
            end--;
        }
        return parser.query(0, end, Map.of());
    }

    @Override
    public Query query(int from, int end, Map<String, Named> scope) {
        if (tokens.is(from, "WITH")) {
            Map<String, Named> inner = new HashMap<>(scope);
            return query(with(from, end, inner), end, inner);
        }
        int operator = lastOperator(from, end);
        if (operator >= 0) {
            return operation(from, operator, end, scope);
        }
        if (tokens.isSymbol(from, "(") && tokens.partner(from) == end - 1) {
            return query(from + 1, end - 1, scope);
        }
        if (tokens.isSymbol(from, "(")) {
            throw refused(from, "write ORDER BY and LIMIT of a query in parentheses within them");
        }
        if (!tokens.is(from, "SELECT")) {
            throw refused(from, "expected SELECT here; declare what VALUES or TABLE give as a view of its own");
        }
        return select(from, end, scope);
    }

    /** @return the index after the WITH list */
    private int with(int from, int end, Map<String, Named> scope) {
        int at = from + 1;
        if (tokens.is(at, "RECURSIVE")) {
            throw refused(at, "WITH RECURSIVE can't be kept current: how far it goes isn't known before");
        }
        while (at < end) {
            String name = tokens.get(at).name();
            int next = at + 1;
            Optional<Span> columns = Optional.empty();
            if (tokens.isSymbol(next, "(")) {
                columns = Optional.of(tokens.span(next, tokens.after(next)));
                next = tokens.after(next);
            }
            while (next < end && !tokens.isSymbol(next, "(")) {
                next++;
            }
            if (next >= end) {
                throw refused(at, "expected a query in parentheses after this name and AS");
            }
            scope.put(name, new Named(next + 1, tokens.partner(next), columns, Map.copyOf(scope)));
            at = tokens.after(next);
            if (!tokens.isSymbol(at, ",")) {
                return at;
            }
            at++;
        }
        return at;
    }

    /** The one that is applied last: INTERSECT binds more tightly, and the others go from left to right. */
    private int lastOperator(int from, int end) {
        int found = -1;
        boolean loose = false;
        for (int i = from; i < end; i = tokens.after(i)) {
            boolean isLoose = tokens.is(i, "UNION") || tokens.is(i, "EXCEPT");
            if (isLoose || tokens.is(i, "INTERSECT") && !loose) {
                found = i;
                loose |= isLoose;
            }
        }
        return found;
    }

    private Query operation(int from, int operator, int end, Map<String, Named> scope) {
        int right = operator + 1;
        boolean all = tokens.is(right, "ALL");
        if (all || tokens.is(right, "DISTINCT")) {
            right++;
        }
        int tail = tokens.find(right, end, TAILS);
        return new SetOperation(
                tokens.get(operator).text().toUpperCase(java.util.Locale.ROOT) + (all ? " ALL" : ""),
                query(from, operator, scope),
                query(right, tail, scope),
                new TailParser(this, tokens).tail(tail, end));
    }

    private Select select(int from, int end, Map<String, Named> scope) {
        Map<String, int[]> clauses = clauses(from + 1, end);
        int[] items = clauses.get("SELECT");
        Optional<Distinct> distinct = Optional.empty();
        int first = items[0];
        if (tokens.is(first, "DISTINCT")) {
            boolean on = tokens.is(first + 1, "ON");
            distinct = Optional.of(new Distinct(on ? spans(first + 3, tokens.partner(first + 2)) : List.of()));
            first = on ? tokens.after(first + 2) : first + 1;
        } else if (tokens.is(first, "ALL")) {
            first++;
        }
        List<SubLink> links = new ArrayList<>();
        clauses.forEach((clause, range) -> {
            if (!clause.equals("FROM")) {
                findLinks(range[0], range[1], scope, links);
            }
        });
        List<FromElement> elements = clauses.containsKey("FROM")
                ? new FromParser(this, tokens).elements(clauses.get("FROM"), scope, links)
                : List.of();
        Calls calls = calls(clauses);
        return new Select(
                distinct,
                new ItemParser(tokens).items(first, items[1]),
                elements,
                condition(clauses, "WHERE"),
                conjuncts(clauses),
                clauses.containsKey("GROUP") ? groups(clauses.get("GROUP")) : List.of(),
                condition(clauses, "HAVING"),
                Optional.ofNullable(clauses.get("WINDOW")).map(range -> tokens.span(range[0] - 1, range[1])),
                new TailParser(this, tokens).tail(tokens.find(from + 1, end, TAILS), end),
                links,
                calls.found(),
                calls.partitions());
    }

    private Calls calls(Map<String, int[]> clauses) {
        Calls calls = new Calls(this, tokens);
        if (clauses.containsKey("WINDOW")) {
            calls.define(clauses.get("WINDOW")[0], clauses.get("WINDOW")[1]);
        }
        for (String clause : List.of("SELECT", "HAVING", "ORDER")) {
            if (clauses.containsKey(clause)) {
                calls.find(clauses.get(clause)[0], clauses.get(clause)[1]);
            }
        }
        return calls;
    }

    /** Where each clause's content is, without its first word. */
    private Map<String, int[]> clauses(int from, int end) {
        Map<String, int[]> clauses = new HashMap<>();
        String clause = "SELECT";
        int begin = from;
        while (begin <= end) {
            int next = tokens.find(begin, end, CLAUSES);
            clauses.putIfAbsent(clause, new int[] {begin, next});
            if (next == end) {
                return clauses;
            }
            clause = tokens.get(next).text().toUpperCase(java.util.Locale.ROOT);
            begin = next + 1;
        }
        return clauses;
    }

    private Optional<Span> condition(Map<String, int[]> clauses, String clause) {
        int[] there = clauses.get(clause);
        if (there != null && there[0] >= there[1]) {
            throw refused(there[0], "the SELECT ends too early");
        }
        return Optional.ofNullable(clauses.get(clause)).map(range -> tokens.span(range[0], range[1]));
    }

    private List<Span> conjuncts(Map<String, int[]> clauses) {
        int[] where = clauses.getOrDefault("WHERE", new int[2]);
        return tokens.conjuncts(where[0], where[1]).stream()
                .map(range -> tokens.span(range[0], range[1]))
                .toList();
    }

    /** After BY. */
    private List<Span> groups(int[] range) {
        int first = range[0] + 1;
        List<Span> groups = new ArrayList<>();
        for (int[] group : tokens.commaSeparated(first, range[1])) {
            boolean sets =
                    tokens.is(group[0], "ROLLUP") || tokens.is(group[0], "CUBE") || tokens.is(group[0], "GROUPING");
            if (sets || group[1] == group[0] + 2 && tokens.isSymbol(group[0], "(")) {
                throw refused(
                        group[0],
                        "ROLLUP, CUBE and GROUPING SETS can't be kept current; write a SELECT for each of"
                                + " them, with UNION ALL between");
            }
            boolean several = tokens.isSymbol(group[0], "(") && tokens.partner(group[0]) == group[1] - 1;
            groups.addAll(several ? spans(group[0] + 1, group[1] - 1) : List.of(tokens.span(group[0], group[1])));
        }
        return groups;
    }

    private List<Span> spans(int from, int end) {
        return tokens.commaSeparated(from, end).stream()
                .map(range -> tokens.span(range[0], range[1]))
                .toList();
    }

    @Override
    public void findLinks(int from, int end, Map<String, Named> scope, List<SubLink> links) {
        new LinkParser(this, tokens).find(from, end, scope, links);
    }

    @Override
    public boolean isQuery(int i) {
        int at = i;
        while (tokens.isSymbol(at, "(")) {
            at++;
        }
        return tokens.is(at, "SELECT") || tokens.is(at, "WITH");
    }

    @Override
    public QueryException refused(int token, String why) {
        return new QueryException(
                tokens.size() == 0
                        ? 0
                        : tokens.get(Math.min(token, tokens.size() - 1)).begin(),
                why);
    }
}
