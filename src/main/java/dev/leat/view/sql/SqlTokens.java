package dev.leat.view.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.sf.jsqlparser.parser.Token;

/** The tokens of a statement and where they are in its text. A piece is a span of the text that begins and ends with one. */
final class SqlTokens {

    private static final Pattern QUOTED = Pattern.compile("['\"$]");
    private static final Pattern SLICE = Pattern.compile("\\[(?:\\d*:)?(\\d{1,6})]");

    private final String text;
    private final List<Token> tokens = new ArrayList<>();

    SqlTokens(String text, Token first) {
        this.text = text;
        for (Token token = first; token != null && token.kind != 0; token = token.next) {
            if (!token.image.equals(";")) {
                tokens.add(token);
            }
        }
    }

    int size() {
        return tokens.size();
    }

    String image(int index) {
        return tokens.get(index).image;
    }

    /** The token in capital letters. */
    String word(int index) {
        return image(index).toUpperCase(Locale.ROOT);
    }

    TextSpan whole() {
        return TextSpan.of(tokens.getFirst(), tokens.getLast());
    }

    boolean isWord(int index, String... words) {
        return List.of(words).contains(word(index));
    }

    int at(int begin) {
        int at = 0;
        while (tokens.get(at).absoluteBegin - 1 < begin) {
            at++;
        }
        return at;
    }

    List<int[]> commaSeparated(int first, int end) {
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

    TextSpan span(int first, int end) {
        return TextSpan.of(tokens.get(first), tokens.get(end - 1));
    }

    /** What is between the first parentheses of a piece. */
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
        throw new IllegalArgumentException("no parentheses in " + text.substring(piece.begin(), piece.end()));
    }

    /** A piece without the word that it begins with. */
    TextSpan after(TextSpan piece, String word) {
        int begin = piece.begin()
                + text.substring(piece.begin(), piece.end())
                        .toUpperCase(Locale.ROOT)
                        .indexOf(word)
                + word.length();
        return new TextSpan(begin, piece.end());
    }

    /** The conditions of a WHERE that must all hold, each by itself. */
    List<TextSpan> conjuncts(TextSpan where) {
        int[] range = range(where);
        List<TextSpan> conjuncts = new ArrayList<>();
        int begin = range[0] + 1;
        int depth = 0;
        boolean between = false;
        for (int i = begin; i < range[1]; i++) {
            String word = word(i);
            depth += List.of("(", "[", "CASE").contains(word)
                    ? 1
                    : List.of(")", "]", "END").contains(word) ? -1 : 0;
            if (depth == 0 && word.equals("OR")) {
                return List.of(span(range[0] + 1, range[1]));
            }
            if (depth == 0 && word.equals("AND") && !between) {
                conjuncts.add(span(begin, i));
                begin = i + 1;
            }
            between = depth == 0 ? word.equals("BETWEEN") || between && !word.equals("AND") : between;
        }
        conjuncts.add(span(begin, range[1]));
        return conjuncts;
    }

    /** A piece without the parentheses around all of it. */
    TextSpan unwrapped(TextSpan piece) {
        int[] range = range(piece);
        int first = range[0];
        int end = range[1];
        if (end - first < 3 || !isWord(first, "(") || !isWord(end - 1, ")")) {
            return piece;
        }
        int depth = 0;
        for (int i = first; i < end - 1; i++) {
            depth += isWord(i, "(") ? 1 : isWord(i, ")") ? -1 : 0;
            if (depth == 0) {
                return piece;
            }
        }
        return unwrapped(span(first + 1, end - 1));
    }

    /** A piece with names in small letters and one space between all tokens. Literals and quoted names stay. */
    String normal(TextSpan piece) {
        return tokens.stream()
                .filter(t -> t.absoluteBegin - 1 >= piece.begin() && t.absoluteEnd - 1 <= piece.end())
                .map(t -> QUOTED.matcher(t.image).find() ? t.image : t.image.toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(" "));
    }
}
