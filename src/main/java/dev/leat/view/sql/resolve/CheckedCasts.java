package dev.leat.view.sql.resolve;

import dev.leat.view.sql.resolve.SqlScanner.Kind;
import dev.leat.view.sql.resolve.SqlScanner.Token;
import io.vertx.pgclient.PgException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Lets texts that a SELECT casts to times go through {@code leat.without_clock}, which refuses {@code now} and its like for the
 * event that has it. Where a cast is, the text tells; whether it is of a text, and whether all were found, Postgres.
 */
public final class CheckedCasts {

    private static final Set<String> TIMES = Set.of("date", "time", "timetz", "timestamp", "timestamptz");

    /** What can stand before a parenthesis and isn't the name of a function. */
    private static final Set<String> KEYWORDS = Set.of(
            "select",
            "distinct",
            "all",
            "any",
            "some",
            "and",
            "or",
            "not",
            "in",
            "is",
            "like",
            "ilike",
            "between",
            "case",
            "when",
            "then",
            "else",
            "on",
            "where",
            "having",
            "by",
            "as",
            "from",
            "using",
            "values",
            "filter",
            "over",
            "order",
            "group",
            "array");

    private final Resolver resolver;

    public CheckedCasts(Resolver resolver) {
        this.resolver = resolver;
    }

    /** What is cast to a time: offsets in the text. */
    private record Operand(int begin, int end) {}

    /** The SELECT with its casts checked, as many of them as were found. */
    public String checked(String select, Resolution resolved) {
        if (resolved.conversions().stream().allMatch(CheckedCasts::isSafe)) {
            return select;
        }
        String checked = select;
        int casts = operands(select).size();
        for (int i = 0; i < casts; i++) {
            // One after the other: each that is wrapped moves those after it.
            List<List<Operand>> left = operands(checked);
            String wrapped = i < left.size() ? wrapped(checked, left.get(i)) : checked;
            checked = isAccepted(wrapped) ? wrapped : checked;
        }
        return checked;
    }

    private static boolean isSafe(TypeConversion conversion) {
        return conversion.isChecked() || conversion.functions().stream().noneMatch(AllowedFunctions::readsClock);
    }

    private boolean isAccepted(String select) {
        try {
            resolver.resolve(select);
            return true;
        } catch (PgException notOfText) {
            return false;
        }
    }

    /** The same one may be a group and what is selected of it: all at once, or it would be no group any more. */
    private static List<List<Operand>> operands(String select) {
        List<Token> tokens = SqlScanner.tokens(select);
        Map<String, List<Operand>> byText = new LinkedHashMap<>();
        for (int i = 0; i + 1 < tokens.size(); i++) {
            int[] range = range(tokens, i);
            if (range != null && !(range[0] == range[1] && tokens.get(range[0]).kind() == Kind.LITERAL)) {
                StringBuilder text = new StringBuilder();
                tokens.subList(range[0], range[1] + 1)
                        .forEach(t -> text.append(t.kind()).append(t.value()));
                byText.computeIfAbsent(text.toString(), t -> new ArrayList<>())
                        .add(new Operand(
                                tokens.get(range[0]).begin(),
                                tokens.get(range[1]).end()));
            }
        }
        return List.copyOf(byText.values());
    }

    /** The first and the last token of what is cast to a time by the cast that begins here; null for none. */
    private static int[] range(List<Token> tokens, int at) {
        if (isCast(tokens, at) && at > 0 && isTime(tokens, at + 2)) {
            return new int[] {begin(tokens, at - 1), at - 1};
        }
        if (isName(tokens.get(at), "cast") && tokens.get(at + 1).is("(")) {
            int depth = 0;
            for (int i = at + 1; i < tokens.size(); i++) {
                depth += tokens.get(i).is("(") ? 1 : tokens.get(i).is(")") ? -1 : 0;
                if (depth == 1 && isName(tokens.get(i), "as")) {
                    return isTime(tokens, i + 1) ? new int[] {at + 2, i - 1} : null;
                }
            }
        }
        return null;
    }

    private static boolean isCast(List<Token> tokens, int at) {
        return at >= 0
                && at + 1 < tokens.size()
                && tokens.get(at).is(":")
                && tokens.get(at + 1).is(":");
    }

    private static boolean isTime(List<Token> tokens, int at) {
        return at < tokens.size()
                && tokens.get(at).kind() == Kind.NAME
                && TIMES.contains(tokens.get(at).value());
    }

    private static boolean isName(Token token, String name) {
        return token.kind() == Kind.NAME && token.value().equals(name);
    }

    /** Where the operand begins that ends with this token: a cast binds tighter than all but a dot and an index. */
    private static int begin(List<Token> tokens, int last) {
        int at = last;
        if (tokens.get(at).is(")") || tokens.get(at).is("]")) {
            boolean index = tokens.get(at).is("]");
            at = opening(tokens, at);
            boolean call = at > 0
                    && tokens.get(at - 1).kind() == Kind.NAME
                    && !KEYWORDS.contains(tokens.get(at - 1).value());
            if (index && at > 0 && !isName(tokens.get(at - 1), "array")) {
                return begin(tokens, at - 1);
            }
            at -= call || index ? 1 : 0;
        }
        while (at > 1 && tokens.get(at - 1).is(".")) {
            at -= 2;
        }
        return isCast(tokens, at - 2) && at > 2 ? begin(tokens, at - 3) : at;
    }

    private static int opening(List<Token> tokens, int closing) {
        int depth = 0;
        for (int i = closing; i > 0; i--) {
            Token token = tokens.get(i);
            depth += token.is(")") || token.is("]") ? 1 : token.is("(") || token.is("[") ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        return 0;
    }

    private static String wrapped(String select, List<Operand> operands) {
        Map<Integer, String> insertions = new TreeMap<>();
        for (Operand operand : operands) {
            insertions.merge(operand.begin(), "leat.without_clock(", String::concat);
            insertions.merge(operand.end(), ")", String::concat);
        }
        StringBuilder wrapped = new StringBuilder();
        int at = 0;
        for (Map.Entry<Integer, String> insertion : insertions.entrySet()) {
            wrapped.append(select, at, insertion.getKey()).append(insertion.getValue());
            at = insertion.getKey();
        }
        return wrapped.append(select.substring(at)).toString();
    }
}
