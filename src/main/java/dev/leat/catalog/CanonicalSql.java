package dev.leat.catalog;

/** The canonical text of a SELECT: without comments, layout and trailing semicolons. Quoted text stays as it is. */
final class CanonicalSql {

    private static final String TIGHT = "(),";

    private final String text;
    private final StringBuilder normal = new StringBuilder();
    private int at;

    private CanonicalSql(String text) {
        this.text = text;
    }

    static String of(String text) {
        return new CanonicalSql(text).normal();
    }

    private String normal() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (Character.isWhitespace(c)) {
                space();
                at++;
            } else if (text.startsWith("--", at)) {
                space();
                at = end("\n", at);
            } else if (text.startsWith("/*", at)) {
                space();
                at = end("*/", at + 2);
            } else if (c == '\'' || c == '"') {
                take(end(String.valueOf(c), at + 1));
            } else if (c == '$' && dollarTag() != null) {
                String tag = dollarTag();
                take(end(tag, at + tag.length()));
            } else {
                tighten(c);
                normal.append(c);
                at++;
            }
        }
        return normal.toString().replaceAll("[ ;]+$", "");
    }

    private void space() {
        if (!normal.isEmpty() && !isTight(normal.charAt(normal.length() - 1))) {
            normal.append(' ');
        }
    }

    private void tighten(char c) {
        if (TIGHT.indexOf(c) >= 0 && !normal.isEmpty() && normal.charAt(normal.length() - 1) == ' ') {
            normal.setLength(normal.length() - 1);
        }
    }

    private static boolean isTight(char c) {
        return c == ' ' || TIGHT.indexOf(c) >= 0;
    }

    private void take(int end) {
        normal.append(text, at, end);
        at = end;
    }

    /** The place after the next mark, or after the text where there is none. */
    private int end(String mark, int from) {
        int found = text.indexOf(mark, from);
        return found < 0 ? text.length() : found + mark.length();
    }

    /** {@code $$} or {@code $name$}; null where the dollar is something else. */
    private String dollarTag() {
        int end = text.indexOf('$', at + 1);
        if (end < 0) {
            return null;
        }
        String tag = text.substring(at, end + 1);
        return tag.matches("\\$([A-Za-z_]\\w*)?\\$") ? tag : null;
    }
}
