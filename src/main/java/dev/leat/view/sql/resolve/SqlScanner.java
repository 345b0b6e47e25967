package dev.leat.view.sql.resolve;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Cuts a statement into what Postgres's own scanner sees: names, literals in any quoting, and single characters of the rest.
 * Comments and spaces are left out. Source: PostgreSQL, "Lexical Structure".
 */
public final class SqlScanner {

    /** What a token is. */
    public enum Kind {
        NAME,
        LITERAL,
        OTHER
    }

    /**
     * @param value of a name as Postgres knows it, of a literal without its quotes and escapes
     * @param begin offset of its first character in the text
     * @param end offset after its last one
     */
    public record Token(Kind kind, String value, int begin, int end) {

        public boolean is(String character) {
            return kind == Kind.OTHER && value.equals(character);
        }
    }

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private SqlScanner(String text) {
        this.text = text;
    }

    public static List<Token> tokens(String text) {
        SqlScanner scanner = new SqlScanner(text);
        while (scanner.at < text.length()) {
            scanner.next();
        }
        return scanner.tokens;
    }

    private void next() {
        int begin = at;
        char c = text.charAt(at);
        if (Character.isWhitespace(c)) {
            at++;
        } else if (ahead("--")) {
            int end = text.indexOf('\n', at);
            at = end < 0 ? text.length() : end;
        } else if (ahead("/*")) {
            comment();
        } else if (c == '\'') {
            quoted(begin, false);
        } else if (prefixed("eE")) {
            at++;
            quoted(begin, true);
        } else if (prefixed("nNbBxX")) {
            at++;
            quoted(begin, false);
        } else if ("uU".indexOf(c) >= 0 && text.startsWith("&'", at + 1)) {
            at += 2;
            quoted(begin, false);
            unicode();
        } else if (c == '"' || "uU".indexOf(c) >= 0 && text.startsWith("&\"", at + 1)) {
            quotedName(begin);
        } else if (c == '$' && dollar() > 0) {
            dollarQuoted(begin);
        } else if (Character.isLetter(c) || c == '_') {
            name(begin);
        } else {
            at++;
            add(Kind.OTHER, String.valueOf(c), begin);
        }
    }

    private boolean ahead(String what) {
        return text.startsWith(what, at);
    }

    private boolean prefixed(String letters) {
        return letters.indexOf(text.charAt(at)) >= 0 && text.startsWith("'", at + 1);
    }

    private void add(Kind kind, String value, int begin) {
        tokens.add(new Token(kind, value, begin, at));
    }

    /** Comments nest. */
    private void comment() {
        int depth = 0;
        do {
            if (ahead("/*")) {
                depth++;
                at += 2;
            } else if (ahead("*/")) {
                depth--;
                at += 2;
            } else {
                at++;
            }
        } while (depth > 0 && at < text.length());
    }

    /** Literals with nothing but a line's end between them are one. */
    private void quoted(int begin, boolean escapes) {
        StringBuilder value = new StringBuilder();
        do {
            at++;
            while (at < text.length() && (text.charAt(at) != '\'' || ahead("''"))) {
                if (text.charAt(at) == '\\' && escapes) {
                    escape(value);
                } else {
                    value.append(text.charAt(at));
                    at += text.charAt(at) == '\'' ? 2 : 1;
                }
            }
            at++;
        } while (isContinued());
        at = Math.min(at, text.length());
        add(Kind.LITERAL, value.toString(), begin);
    }

    private boolean isContinued() {
        int next = at;
        while (next < text.length() && Character.isWhitespace(text.charAt(next))) {
            next++;
        }
        if (at >= text.length() || !text.substring(at, next).contains("\n") || !text.startsWith("'", next)) {
            return false;
        }
        at = next;
        return true;
    }

    private void escape(StringBuilder value) {
        char c = text.charAt(Math.min(at + 1, text.length() - 1));
        at += 2;
        switch (c) {
            case 'n' -> value.append('\n');
            case 't' -> value.append('\t');
            case 'r' -> value.append('\r');
            case 'b' -> value.append('\b');
            case 'f' -> value.append('\f');
            case 'x' -> code(value, 2, 16);
            case 'u' -> code(value, 4, 16);
            case 'U' -> code(value, 8, 16);
            default -> {
                if (c >= '0' && c <= '7') {
                    at--;
                    code(value, 3, 8);
                } else {
                    value.append(c);
                }
            }
        }
    }

    private void code(StringBuilder value, int most, int radix) {
        int begin = at;
        while (at < text.length() && at - begin < most && Character.digit(text.charAt(at), radix) >= 0) {
            at++;
        }
        if (at > begin) {
            int code = (int) Long.parseLong(text.substring(begin, at), radix);
            value.appendCodePoint(Character.isValidCodePoint(code) ? code : 0xfffd);
        }
    }

    /** The escapes of {@code U&'…'}, with the character that UESCAPE may name. */
    private void unicode() {
        Token last = tokens.removeLast();
        char escape = '\\';
        String rest = text.substring(at).stripLeading();
        if (rest.regionMatches(true, 0, "UESCAPE", 0, 7)) {
            int quote = text.indexOf('\'', at);
            escape = text.charAt(quote + 1);
            at = quote + 3;
        }
        StringBuilder value = new StringBuilder();
        String written = last.value();
        for (int i = 0; i < written.length(); i++) {
            char c = written.charAt(i);
            int digits = c != escape ? 0 : written.startsWith("+", i + 1) ? 6 : 4;
            int first = i + (digits == 6 ? 2 : 1);
            if (digits == 0 || first + digits > written.length()) {
                value.append(c);
            } else {
                value.appendCodePoint(Integer.parseInt(written.substring(first, first + digits), 16));
                i = first + digits - 1;
            }
        }
        add(Kind.LITERAL, value.toString(), last.begin());
    }

    private void quotedName(int begin) {
        at = text.indexOf('"', at);
        StringBuilder value = new StringBuilder();
        for (at++; at < text.length() && (text.charAt(at) != '"' || ahead("\"\"")); at++) {
            value.append(text.charAt(at));
            at += text.charAt(at) == '"' ? 1 : 0;
        }
        at = Math.min(at + 1, text.length());
        add(Kind.NAME, value.toString(), begin);
    }

    /** How long the delimiter is that begins here, as {@code $tag$}; 0 for none. */
    private int dollar() {
        int end = at + 1;
        while (end < text.length()
                && (Character.isLetter(text.charAt(end))
                        || text.charAt(end) == '_'
                        || end > at + 1 && Character.isDigit(text.charAt(end)))) {
            end++;
        }
        return end < text.length() && text.charAt(end) == '$' ? end + 1 - at : 0;
    }

    private void dollarQuoted(int begin) {
        String delimiter = text.substring(at, at + dollar());
        int first = at + delimiter.length();
        int end = text.indexOf(delimiter, first);
        end = end < 0 ? text.length() : end;
        at = Math.min(end + delimiter.length(), text.length());
        add(Kind.LITERAL, text.substring(first, end), begin);
    }

    private void name(int begin) {
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at)) || "_$".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        add(Kind.NAME, text.substring(begin, at).toLowerCase(Locale.ROOT), begin);
    }
}
