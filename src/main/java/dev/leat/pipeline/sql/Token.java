package dev.leat.pipeline.sql;

import java.util.Locale;

/**
 * One token of a SELECT's text.
 *
 * @param text as it is written
 */
record Token(Kind kind, int begin, int end, String text) {

    enum Kind {
        /** A keyword or an identifier without quotes. */
        WORD,
        /** An identifier in quotes. */
        QUOTED,
        /** A string, in any form of quoting. */
        STRING,
        NUMBER,
        /** One character. */
        SYMBOL
    }

    boolean isWord(String word) {
        return kind == Kind.WORD && text.equalsIgnoreCase(word);
    }

    boolean isSymbol(String symbol) {
        return kind == Kind.SYMBOL && text.equals(symbol);
    }

    boolean isName() {
        return kind == Kind.WORD || kind == Kind.QUOTED;
    }

    /** An identifier as Postgres knows it. */
    String name() {
        return kind == Kind.QUOTED
                ? text.substring(1, text.length() - 1).replace("\"\"", "\"")
                : text.toLowerCase(Locale.ROOT);
    }
}
