package dev.leat.pipeline.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The tokens of one SELECT, and what is found among them at the depth of a range. */
final class Tokens {

    private final List<Token> all;
    private final int[] partner;

    Tokens(String text) {
        all = Lexer.tokens(text);
        partner = new int[all.size()];
        List<Integer> open = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            partner[i] = i;
            if (all.get(i).isSymbol("(") || all.get(i).isSymbol("[")) {
                open.add(i);
            } else if ((all.get(i).isSymbol(")") || all.get(i).isSymbol("]")) && !open.isEmpty()) {
                int begin = open.removeLast();
                partner[begin] = i;
                partner[i] = begin;
            }
        }
    }

    int size() {
        return all.size();
    }

    Token get(int i) {
        return all.get(i);
    }

    /** The index of the parenthesis that belongs to this one. */
    int partner(int i) {
        return partner[i];
    }

    /** The index after this token; after a parenthesis, that after its partner. */
    int after(int i) {
        return Math.max(partner[i], i) + 1;
    }

    boolean is(int i, String word) {
        return i >= 0 && i < all.size() && all.get(i).isWord(word) && !isName(i);
    }

    boolean isSymbol(int i, String symbol) {
        return i >= 0 && i < all.size() && all.get(i).isSymbol(symbol);
    }

    /** A word that can't be a keyword where it stands: part of a qualified name, or after AS. */
    private boolean isName(int i) {
        return i > 0 && (all.get(i - 1).isSymbol(".") || all.get(i - 1).isWord("AS")) || isSymbol(i + 1, ".");
    }

    /** The first of the words from there on, outside of parentheses; the range's end if there is none. */
    int find(int from, int end, Set<String> words) {
        for (int i = from; i < end; i = after(i)) {
            int at = i;
            if (words.stream().anyMatch(word -> is(at, word)) && !isPartOfOperator(i)) {
                return i;
            }
        }
        return end;
    }

    /** As in IS DISTINCT FROM and WITHIN GROUP. */
    private boolean isPartOfOperator(int i) {
        return is(i, "FROM") && is(i - 1, "DISTINCT") || is(i, "GROUP") && is(i - 1, "WITHIN");
    }

    Span span(int from, int end) {
        return new Span(all.get(from).begin(), all.get(end - 1).end());
    }

    /** The pieces between the commas of a range, as first token and end. */
    List<int[]> commaSeparated(int from, int end) {
        List<int[]> ranges = new ArrayList<>();
        int begin = from;
        for (int i = from; i < end; i = after(i)) {
            if (isSymbol(i, ",")) {
                ranges.add(new int[] {begin, i});
                begin = i + 1;
            }
        }
        if (begin < end) {
            ranges.add(new int[] {begin, end});
        }
        return ranges;
    }

    /** The conditions that AND joins. BETWEEN has an AND of its own, and CASE is one thing. */
    List<int[]> conjuncts(int from, int end) {
        List<int[]> ranges = new ArrayList<>();
        int begin = from;
        int cases = 0;
        int betweens = 0;
        for (int i = from; i < end; i = after(i)) {
            cases += is(i, "CASE") ? 1 : is(i, "END") ? -1 : 0;
            if (cases > 0) {
                continue;
            }
            if (is(i, "OR")) {
                return List.of(new int[] {from, end});
            }
            betweens += is(i, "BETWEEN") ? 1 : 0;
            if (is(i, "AND") && betweens > 0) {
                betweens--;
            } else if (is(i, "AND")) {
                ranges.add(new int[] {begin, i});
                begin = i + 1;
            }
        }
        if (begin < end) {
            ranges.add(new int[] {begin, end});
        }
        return ranges;
    }
}
