package dev.leat.view.sql;

import java.util.Map;
import java.util.TreeMap;

/** Replacements in a text. Where one is within another, the outer one counts. */
final class TextEdits {

    private final TreeMap<Integer, Map.Entry<TextSpan, String>> byBegin = new TreeMap<>();

    TextEdits replace(TextSpan span, String by) {
        Map.Entry<TextSpan, String> outer = byBegin.get(span.begin());
        if (outer == null || outer.getKey().end() <= span.end()) {
            byBegin.put(span.begin(), Map.entry(span, by));
        }
        return this;
    }

    TextEdits replaceAll(TextEdits others) {
        others.byBegin.values().forEach(e -> replace(e.getKey(), e.getValue()));
        return this;
    }

    /** A piece of the text as it is with all edits that lie within it. */
    String apply(String text, TextSpan piece) {
        StringBuilder edited = new StringBuilder();
        int at = piece.begin();
        for (Map.Entry<TextSpan, String> edit :
                byBegin.subMap(piece.begin(), piece.end()).values()) {
            TextSpan span = edit.getKey();
            if (span.begin() >= at && span.end() <= piece.end()) {
                edited.append(text, at, span.begin()).append(edit.getValue());
                at = span.end();
            }
        }
        return edited.append(text, at, piece.end()).toString();
    }
}
