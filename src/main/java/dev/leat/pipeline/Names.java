package dev.leat.pipeline;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the name of a column may not be: the one list, for fields of contracts, for what a pipeline names, for columns of
 * SELECTs and of folds' states. It is asked before anything is made.
 *
 * <p>Source: PostgreSQL, "Identifiers and Key Words" and "System Columns".
 */
public final class Names {

    /** Of UTF-8. Postgres cuts a longer one, and two that were cut may be one. */
    public static final int MOST_BYTES = 63;

    /** Of every table. */
    private static final Set<String> OF_POSTGRES = Set.of("tableoid", "xmin", "cmin", "xmax", "cmax", "ctid");

    /** Columns of ours beside those of a stream: in views, in what a SELECT reads, in the state of joins, in the lake. */
    private static final Set<String> OF_EVENTS =
            Set.of("_partition", "_offset", "_timestamp", "_time", "_deleted", "_matched", "_window", "_window_end");

    /** Beside those of a stream's key, in the tables of tombstones. */
    private static final Set<String> OF_DELETED_KEYS = Set.of("_event_time", "_deleted_at");

    /** Beside those of a history's stream. */
    private static final Set<String> OF_HISTORIES = Set.of("valid_from", "valid_to", "current");

    /** Beside those of a SELECT's result, in its state or in what readers see. */
    private static final Pattern OF_RESULTS =
            Pattern.compile("_(partition|offset|timestamp|time|deleted|deleted_since|visible|version|row|all|at"
                    + "|joined_partition|joined_offset|matched|group|last|begins|session|value|counts"
                    + "|window|window_end|shown|id|n|k[0-9]+|s[0-9]+)");

    private Names() {}

    /** Whether it is one of the columns that Leat adds to those of every stream. */
    public static boolean isOfEvents(String name) {
        return OF_EVENTS.contains(name);
    }

    /** Whether it is one of the columns that Leat adds to those of SELECTs. */
    public static boolean isOfResults(String name) {
        return OF_RESULTS.matcher(name).matches();
    }

    /** Whether it is one of the columns that a history adds to those of its stream. */
    public static boolean isOfHistories(String name) {
        return OF_HISTORIES.contains(name);
    }

    /** Why no column can have the name; empty when one can. The answer follows the name, as in {@code `xmin` is …}. */
    public static Optional<String> problem(String name) {
        if (name.isEmpty()) {
            return Optional.of("is empty");
        }
        if (!isStorable(name)) {
            return Optional.of("has a character that Postgres can't hold");
        }
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MOST_BYTES) {
            return Optional.of("has " + bytes + " bytes, and a name in Postgres has at most " + MOST_BYTES);
        }
        return OF_POSTGRES.contains(name)
                ? Optional.of("is the name of a column that every table in Postgres has itself")
                : Optional.empty();
    }

    /** The same for a field of a stream. */
    public static Optional<String> problemOfField(String name) {
        return isOfEvents(name) ? Optional.of("has the name of a column of Leat's own") : problem(name);
    }

    /** The same for a field of a stream's key. */
    static Optional<String> problemOfKey(String name) {
        return OF_DELETED_KEYS.contains(name)
                ? Optional.of("has the name of a column of Leat's own beside deleted keys")
                : problemOfField(name);
    }

    /** The same for a column of a SELECT. */
    public static Optional<String> problemOfResult(String name) {
        return isOfResults(name) ? Optional.of("is a name of Leat's own") : problem(name);
    }

    /** An identifier as Postgres knows it. */
    public static String unquoted(String identifier) {
        return identifier.length() > 1 && identifier.startsWith("\"")
                ? identifier.substring(1, identifier.length() - 1).replace("\"\"", "\"")
                : identifier.toLowerCase(Locale.ROOT);
    }

    /** A text that Postgres holds, as near as can be to this one: it has neither U+0000 nor half a character. */
    public static String storable(String text) {
        if (isStorable(text)) {
            return text;
        }
        StringBuilder storable = new StringBuilder(text.length() + 1);
        text.codePoints().forEach(c -> {
            if (c == 0) {
                storable.append("\\0");
            } else {
                storable.appendCodePoint(Character.getType(c) == Character.SURROGATE ? 0xfffd : c);
            }
        });
        return storable.toString();
    }

    /** Whether a text of Postgres holds it: without U+0000, and without half a character. */
    public static boolean isStorable(String name) {
        return name.codePoints().noneMatch(c -> c == 0 || Character.getType(c) == Character.SURROGATE);
    }
}
