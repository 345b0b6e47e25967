package dev.leat.pipeline.sql;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds the functions that a SELECT calls itself, not those of queries within it. */
final class Calls {

    private static final Set<String> PARTITION_ENDS = Set.of("ORDER", "ROWS", "RANGE", "GROUPS");

    private final Inner parser;
    private final Tokens tokens;
    private final List<Query.Call> found = new ArrayList<>();
    private final List<List<Span>> partitions = new ArrayList<>();

    // Of WINDOW.
    private final Map<String, List<Span>> windows = new HashMap<>();

    Calls(Inner parser, Tokens tokens) {
        this.parser = parser;
        this.tokens = tokens;
    }

    /** Those that aren't window functions. */
    List<Query.Call> found() {
        return found;
    }

    /** What each window function is partitioned by. */
    List<List<Span>> partitions() {
        return partitions;
    }

    /** {@code w AS (…), …}. */
    void define(int from, int end) {
        for (int[] window : tokens.commaSeparated(from, end)) {
            windows.put(tokens.get(window[0]).name(), partition(window[0] + 3, window[1] - 1));
        }
    }

    void find(int from, int end) {
        for (int i = from; i < end; i++) {
            if (tokens.isSymbol(i, "(") && parser.isQuery(i + 1)) {
                i = tokens.partner(i);
            } else if (tokens.is(i, "OVER")) {
                partitions.add(over(i + 1));
            } else if (isCall(i) && !isWindow(tokens.after(i + 1))) {
                found.add(call(i));
            }
        }
    }

    /** FILTER and WITHIN GROUP belong to the call before. */
    private boolean isCall(int i) {
        return tokens.isSymbol(i + 1, "(")
                && tokens.get(i).isName()
                && !tokens.isSymbol(i - 1, ")")
                && !tokens.is(i - 1, "WITHIN");
    }

    private Query.Call call(int i) {
        int first = i;
        while (tokens.isSymbol(first - 1, ".")) {
            first -= 2;
        }
        int end = tokens.after(i + 1);
        int after = end;
        boolean isWithinGroup = tokens.is(after, "WITHIN");
        if (isWithinGroup) {
            after = tokens.after(after + 2);
        }
        Optional<Span> filter = Optional.empty();
        if (tokens.is(after, "FILTER")) {
            filter = Optional.of(tokens.span(after + 3, tokens.partner(after + 1)));
            after = tokens.after(after + 1);
        }
        Optional<Span> arguments = end - 1 == i + 2 ? Optional.empty() : Optional.of(tokens.span(i + 2, end - 1));
        return new Query.Call(tokens.get(i).name(), tokens.span(first, after), arguments, filter, isWithinGroup);
    }

    private List<Span> over(int i) {
        return tokens.isSymbol(i, "(")
                ? partition(i + 1, tokens.partner(i))
                : windows.getOrDefault(tokens.get(i).name(), List.of());
    }

    private List<Span> partition(int from, int end) {
        int by = tokens.find(from, end, Set.of("PARTITION"));
        if (by == end) {
            return from < end && tokens.get(from).isName()
                    ? windows.getOrDefault(tokens.get(from).name(), List.of())
                    : List.of();
        }
        return tokens.commaSeparated(by + 2, tokens.find(by + 2, end, PARTITION_ENDS)).stream()
                .map(range -> tokens.span(range[0], range[1]))
                .toList();
    }

    /** Whether what was called before is one: FILTER may stand between. */
    private boolean isWindow(int after) {
        int at = after;
        while (tokens.is(at, "FILTER") || tokens.is(at, "WITHIN")) {
            at = tokens.after(tokens.is(at, "WITHIN") ? at + 2 : at + 1);
        }
        return tokens.is(at, "OVER");
    }
}
