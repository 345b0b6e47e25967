package dev.leat.pipeline.sql;

import dev.leat.pipeline.sql.Query.Tail;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds what ORDER BY names, and where LIMIT begins. */
final class TailParser {

    private static final Set<String> LIMITS = Set.of("LIMIT", "OFFSET", "FETCH");
    private static final Set<String> DIRECTIONS = Set.of("ASC", "DESC", "USING", "NULLS");

    private final Inner parser;
    private final Tokens tokens;

    TailParser(Inner parser, Tokens tokens) {
        this.parser = parser;
        this.tokens = tokens;
    }

    Tail tail(int from, int end) {
        if (from == end) {
            return Tail.NONE;
        }
        int limit = tokens.find(from, end, LIMITS);
        int lock = tokens.find(from, end, Set.of("FOR"));
        if (lock < end) {
            throw parser.refused(lock, "FOR UPDATE has no meaning in a view; leave it out");
        }
        if (limit < end && limit == from) {
            throw parser.refused(
                    limit, "LIMIT without ORDER BY takes any rows, others each time; write ORDER BY before it");
        }
        return new Tail(
                limit == from ? Optional.empty() : Optional.of(tokens.span(from, limit)),
                limit == end ? Optional.empty() : Optional.of(tokens.span(limit, end)),
                limit == from ? List.of() : orders(from + 2, limit));
    }

    private List<Query.Order> orders(int from, int end) {
        return tokens.commaSeparated(from, end).stream()
                .map(range -> {
                    int direction = tokens.find(range[0], range[1], DIRECTIONS);
                    return new Query.Order(
                            tokens.span(range[0], direction),
                            direction == range[1] ? Optional.empty() : Optional.of(tokens.span(direction, range[1])));
                })
                .toList();
    }
}
