package dev.leat.view.sql.resolve.tree;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the text of a {@code pg_node_tree}. It knows the form and no node: {@code {NAME :field value …}}, lists in
 * parentheses, bytes as {@code 4 [ 1 0 0 0 ]}, backslashes before what would mean something else.
 *
 * <p>Source: PostgreSQL, nodes/read.c and nodes/outfuncs.c.
 */
public final class PgNodeReader {

    private static final String NONE = "<>";

    private final String text;
    private int at;

    private PgNodeReader(String text) {
        this.text = text;
    }

    /** The nodes of the list that a rule's action is. */
    public static List<PgNode> read(String tree) {
        PgNodeReader reader = new PgNodeReader(tree);
        Object value = reader.value();
        return value instanceof List<?> list
                ? list.stream().map(PgNode.class::cast).toList()
                : List.of((PgNode) value);
    }

    /** A node, a list, or a token; null for none. */
    private Object value() {
        skipSpace();
        switch (text.charAt(at)) {
            case '{' -> {
                return node();
            }
            case '(' -> {
                return list(')');
            }
            default -> {
                String raw = token();
                return raw.equals(NONE) ? null : plain(raw);
            }
        }
    }

    private PgNode node() {
        at++;
        String name = token();
        Map<String, Object> fields = new LinkedHashMap<>();
        for (skipSpace(); text.charAt(at) != '}'; skipSpace()) {
            String field = token().substring(1);
            Object value = value();
            skipSpace();
            if (text.charAt(at) == '[') {
                value = list(']');
            }
            if (value != null) {
                fields.put(field, value);
            }
        }
        at++;
        return new PgNode(name, fields);
    }

    private List<Object> list(char end) {
        at++;
        List<Object> items = new ArrayList<>();
        for (skipSpace(); text.charAt(at) != end; skipSpace()) {
            Object item = value();
            if (item != null) {
                items.add(item);
            }
        }
        at++;
        return items;
    }

    private void skipSpace() {
        while (Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    /** Up to the next space or bracket; with its backslashes. */
    private String token() {
        skipSpace();
        int begin = at;
        while (at < text.length() && " \n\t(){}".indexOf(text.charAt(at)) < 0) {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        return text.substring(begin, at);
    }

    private static String plain(String raw) {
        boolean quoted = raw.length() > 1 && raw.startsWith("\"") && raw.endsWith("\"");
        String token = quoted ? raw.substring(1, raw.length() - 1) : raw;
        StringBuilder plain = new StringBuilder(token.length());
        for (int i = 0; i < token.length(); i++) {
            plain.append(token.charAt(i) == '\\' && i + 1 < token.length() ? token.charAt(++i) : token.charAt(i));
        }
        return plain.toString();
    }
}
