package dev.leat.pipeline.sql;

import dev.leat.pipeline.sql.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a SELECT into tokens. Postgres has accepted the text before: only where tokens end matters, not what is allowed.
 *
 * <p>Source: PostgreSQL, "Lexical Structure".
 */
final class Lexer {

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private Lexer(String text) {
        this.text = text;
    }

    static List<Token> tokens(String text) {
        Lexer lexer = new Lexer(text);
        while (lexer.at < text.length()) {
            lexer.next();
        }
        return lexer.tokens;
    }

    private void next() {
        char c = text.charAt(at);
        if (Character.isWhitespace(c)) {
            at++;
        } else if (text.startsWith("--", at)) {
            int end = text.indexOf('\n', at);
            at = end < 0 ? text.length() : end;
        } else if (text.startsWith("/*", at)) {
            skipComment();
        } else if (c == '\'') {
            add(Kind.STRING, quoted(at, '\'', false));
        } else if (c == '"') {
            add(Kind.QUOTED, quoted(at, '"', false));
        } else if (c == '$' && dollar() > 0) {
            String tag = text.substring(at, dollar());
            add(Kind.STRING, text.indexOf(tag, at + tag.length()) + tag.length());
        } else if (Character.isDigit(c)
                || c == '.' && at + 1 < text.length() && Character.isDigit(text.charAt(at + 1))) {
            add(Kind.NUMBER, number());
        } else if (isWordStart(c)) {
            word();
        } else {
            add(Kind.SYMBOL, at + 1);
        }
    }

    /** A word, or a string or an identifier with a letter in front of its quotes. */
    private void word() {
        int end = at;
        while (end < text.length() && isWordPart(text.charAt(end))) {
            end++;
        }
        String word = text.substring(at, end);
        if (end < text.length() && text.charAt(end) == '\'' && word.matches("(?i)[ebxn]")) {
            add(Kind.STRING, quoted(end, '\'', word.equalsIgnoreCase("e")));
        } else if (word.equalsIgnoreCase("u") && text.startsWith("&'", end)) {
            add(Kind.STRING, quoted(end + 1, '\'', false));
        } else if (word.equalsIgnoreCase("u") && text.startsWith("&\"", end)) {
            add(Kind.QUOTED, quoted(end + 1, '"', false));
        } else {
            add(Kind.WORD, end);
        }
    }

    private void add(Kind kind, int end) {
        tokens.add(new Token(kind, at, end, text.substring(at, end)));
        at = end;
    }

    /** After the quotes that begin there. */
    private int quoted(int begin, char quote, boolean escapes) {
        int end = begin + 1;
        while (end < text.length()) {
            char c = text.charAt(end);
            if (escapes && c == '\\') {
                end += 2;
            } else if (c != quote) {
                end++;
            } else if (end + 1 < text.length() && text.charAt(end + 1) == quote) {
                end += 2;
            } else {
                return end + 1;
            }
        }
        return text.length();
    }

    /** After the tag that begins here, as {@code $tag$}; 0 if none does. */
    private int dollar() {
        int end = at + 1;
        while (end < text.length() && text.charAt(end) != '$' && isWordPart(text.charAt(end))) {
            end++;
        }
        boolean isTag = end < text.length()
                && text.charAt(end) == '$'
                && (end == at + 1 || !Character.isDigit(text.charAt(at + 1)))
                && text.indexOf(text.substring(at, end + 1), end + 1) > 0;
        return isTag ? end + 1 : 0;
    }

    private int number() {
        int end = at;
        while (end < text.length()) {
            char c = text.charAt(end);
            boolean exponent = (c == '+' || c == '-') && "eE".indexOf(text.charAt(end - 1)) >= 0 && end > at;
            if (!Character.isLetterOrDigit(c) && c != '.' && c != '_' && !exponent) {
                break;
            }
            end++;
        }
        return end;
    }

    private void skipComment() {
        int depth = 0;
        do {
            if (text.startsWith("/*", at)) {
                depth++;
                at += 2;
            } else if (text.startsWith("*/", at)) {
                depth--;
                at += 2;
            } else {
                at++;
            }
        } while (depth > 0 && at < text.length());
    }

    private static boolean isWordStart(char c) {
        return Character.isLetter(c) || c == '_' || c > 127;
    }

    private static boolean isWordPart(char c) {
        return isWordStart(c) || Character.isDigit(c) || c == '$';
    }
}
