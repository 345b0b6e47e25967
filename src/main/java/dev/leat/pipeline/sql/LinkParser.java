package dev.leat.pipeline.sql;

import dev.leat.pipeline.sql.Query.SubLink;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds queries within expressions, and what stands before IN. */
final class LinkParser {

    private final Inner parser;
    private final Tokens tokens;

    LinkParser(Inner parser, Tokens tokens) {
        this.parser = parser;
        this.tokens = tokens;
    }

    void find(int from, int end, Map<String, Inner.Named> scope, List<SubLink> links) {
        for (int i = from; i < end; i++) {
            if (tokens.isSymbol(i, "(") && parser.isQuery(i + 1)) {
                Query query = parser.query(i + 1, tokens.partner(i), scope);
                links.add(tested(query, i, from));
                i = tokens.partner(i);
            }
        }
    }

    /** With the column, or the row in parentheses, that stands before IN or NOT IN. */
    private SubLink tested(Query query, int parenthesis, int from) {
        Span place = tokens.span(parenthesis, tokens.after(parenthesis));
        boolean isNegated = tokens.is(parenthesis - 2, "NOT");
        int last = parenthesis - (isNegated ? 3 : 2);
        if (!tokens.is(parenthesis - 1, "IN") || last < from) {
            return new SubLink(query, place, Optional.empty(), false);
        }
        int first = tokens.isSymbol(last, ")") ? tokens.partner(last) : last;
        while (first - 2 >= from && tokens.isSymbol(first - 1, ".")) {
            first -= 2;
        }
        int before = first - 1;
        boolean begins = first == from || Set.of("AND", "OR").stream().anyMatch(word -> tokens.is(before, word));
        return new SubLink(
                query, place, begins ? Optional.of(tokens.span(first, last + 1)) : Optional.empty(), isNegated);
    }
}
