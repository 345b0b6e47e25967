package dev.leat.view.sql.resolve;

import dev.leat.postgres.Sql;
import dev.leat.view.sql.resolve.SqlScanner.Kind;
import dev.leat.view.sql.resolve.SqlScanner.Token;
import io.vertx.pgclient.PgException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds literals that Postgres takes for the clock, as in {@code 'now'::timestamptz} or {@code at < 'tomorrow'}. They become
 * constants when the view is made, and no clock is in the tree. But in the text there is a literal with one of four words; where
 * another of the words in its place makes another constant that isn't a text, the literal is one of the clock.
 */
final class FoldedClocks {

    private static final Pattern WORD =
            Pattern.compile("(?<![a-z])(now|today|tomorrow|yesterday)(?![a-z])", Pattern.CASE_INSENSITIVE);

    /** Another word that means another time; a time of day knows no days. */
    private static final Map<String, List<String>> OTHERS = Map.of(
            "now", List.of("tomorrow", "allballs"),
            "today", List.of("yesterday"),
            "tomorrow", List.of("yesterday"),
            "yesterday", List.of("tomorrow"));

    /** Types that take the words for nothing but letters. */
    private static final Set<String> TEXTS = Set.of(
            "text",
            "character varying",
            "character",
            "\"char\"",
            "name",
            "cstring",
            "unknown",
            "json",
            "jsonb",
            "jsonpath",
            "xml",
            "bytea",
            "tsvector",
            "tsquery");

    /** What a text is that the type refuses: an enum has no other label, for instance. */
    private static final Set<String> NOT_OF_TYPE = Set.of("22P02", "22007", "22008");

    private final Resolver resolver;

    FoldedClocks(Resolver resolver) {
        this.resolver = resolver;
    }

    /** The first of them; empty when there is none. */
    Optional<Token> find(String select, Resolution resolved) {
        List<Token> tokens = SqlScanner.tokens(select);
        return tokens.stream()
                .filter(t -> t.kind() == Kind.LITERAL && WORD.matcher(t.value()).find())
                .filter(t -> others(t.value()).anyMatch(other -> isClock(select, tokens, t.value(), other, resolved)))
                .findFirst();
    }

    private boolean isClock(String select, List<Token> tokens, String value, String by, Resolution resolved) {
        try {
            Resolution other = resolver.resolve(replaced(select, tokens, value, by));
            return resolver.constantsThatDiffer(resolved.query(), other.query()).stream()
                    .anyMatch(type -> !isText(type));
        } catch (PgException refused) {
            return !NOT_OF_TYPE.contains(refused.getSqlState());
        }
    }

    private static boolean isText(String type) {
        return TEXTS.contains(type.endsWith("[]") ? type.substring(0, type.length() - 2) : type);
    }

    /** All that are the same, or a group and what is selected of it would no longer be. */
    private static String replaced(String select, List<Token> tokens, String value, String by) {
        StringBuilder replaced = new StringBuilder();
        int at = 0;
        for (Token token : tokens) {
            if (token.kind() == Kind.LITERAL && token.value().equals(value)) {
                replaced.append(select, at, token.begin()).append(' ').append(Sql.literal(by));
                at = token.end();
            }
        }
        return replaced.append(select.substring(at)).toString();
    }

    private static Stream<String> others(String value) {
        return Stream.of(0, 1)
                .map(nth -> WORD.matcher(value).replaceAll(found -> {
                    List<String> others = OTHERS.get(found.group(1).toLowerCase(Locale.ROOT));
                    return others.get(Math.min(nth, others.size() - 1));
                }))
                .distinct();
    }
}
