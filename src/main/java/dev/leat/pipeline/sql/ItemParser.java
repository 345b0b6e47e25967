package dev.leat.pipeline.sql;

import dev.leat.pipeline.sql.Query.Item;
import dev.leat.pipeline.sql.Query.Star;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Tells what is selected from what it is called. */
final class ItemParser {

    private final Tokens tokens;

    ItemParser(Tokens tokens) {
        this.tokens = tokens;
    }

    List<Item> items(int from, int end) {
        return tokens.commaSeparated(from, end).stream()
                .map(range -> item(range[0], range[1]))
                .toList();
    }

    private Item item(int from, int end) {
        Span whole = tokens.span(from, end);
        if (tokens.isSymbol(end - 1, "*") && (end == from + 1 || tokens.isSymbol(end - 2, "."))) {
            return new Item(
                    whole,
                    Optional.empty(),
                    Optional.of(new Star(
                            end == from + 1
                                    ? Optional.empty()
                                    : Optional.of(tokens.get(end - 3).name()))));
        }
        boolean as = end - 2 > from
                && tokens.get(end - 2).isWord("AS")
                && tokens.get(end - 1).isName();
        boolean bare = !as && end - 1 > from && tokens.get(end - 1).isName() && endsExpression(end - 2);
        return as || bare
                ? new Item(
                        tokens.span(from, as ? end - 2 : end - 1),
                        Optional.of(tokens.get(end - 1).name()),
                        Optional.empty())
                : new Item(whole, Optional.empty(), Optional.empty());
    }

    /** Whether a name behind this token is one for the expression that ends with it. */
    private boolean endsExpression(int i) {
        Token token = tokens.get(i);
        return switch (token.kind()) {
            case SYMBOL -> token.isSymbol(")") || token.isSymbol("]");
            case WORD ->
                !Set.of(
                                "NOT",
                                "AND",
                                "OR",
                                "IS",
                                "IN",
                                "LIKE",
                                "ILIKE",
                                "DISTINCT",
                                "FROM",
                                "BETWEEN",
                                "COLLATE",
                                "ZONE")
                        .contains(token.text().toUpperCase(Locale.ROOT));
            case QUOTED, STRING, NUMBER -> true;
        };
    }
}
