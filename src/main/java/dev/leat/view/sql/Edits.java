package dev.leat.view.sql;

import java.util.Map;
import java.util.TreeMap;

/** Pieces of a text that stand for others. Where one lies within another, the outer one counts. */
final class Edits {

    private final TreeMap<Integer, Map.Entry<Span, String>> byBegin = new TreeMap<>();

    Edits replace(Span span, String by) {
        Map.Entry<Span, String> outer = byBegin.get(span.begin());
        if (outer == null || outer.getKey().end() <= span.end()) {
            byBegin.put(span.begin(), Map.entry(span, by));
        }
        return this;
    }

    Edits replaceAll(Edits others) {
        others.byBegin.values().forEach(e -> replace(e.getKey(), e.getValue()));
        return this;
    }

    /** A piece of the text as it is with all edits that lie within it. */
    String apply(String text, Span piece) {
        StringBuilder edited = new StringBuilder();
        int at = piece.begin();
        for (Map.Entry<Span, String> edit :
                byBegin.subMap(piece.begin(), piece.end()).values()) {
            Span span = edit.getKey();
            if (span.begin() >= at && span.end() <= piece.end()) {
                edited.append(text, at, span.begin()).append(edit.getValue());
                at = span.end();
            }
        }
        return edited.append(text, at, piece.end()).toString();
    }
}
