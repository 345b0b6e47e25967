package dev.leat.http;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Why a question isn't answered: a problem detail as RFC 9457 describes it. REST answers with the document, GraphQL with
 * an entry of {@code errors}. It never holds values of rows or secrets.
 */
public final class Problem extends RuntimeException {

    private static final String TYPE_PREFIX = "urn:leat:problem:";
    private static final Set<String> RESERVED = Set.of("type", "title", "status", "detail", "instance");

    private final int status;
    private final String code;
    private final String title;
    private final Map<String, Object> members = new LinkedHashMap<>();

    /**
     * @param status of HTTP
     * @param code the kind of problem, as {@code unknown-view}; the last part of its type
     * @param title the same for every problem of that kind
     * @param detail what is wrong this time, and what would be right
     */
    public Problem(int status, String code, String title, String detail) {
        super(detail, null, false, false);
        this.status = status;
        this.code = code;
        this.title = title;
    }

    /** A parameter of the question is out of range or malformed. */
    public static Problem badParameter(String name, String detail) {
        return new Problem(400, "bad-parameter", "Parameter out of range or malformed", detail).with("parameter", name);
    }

    /**
     * There is nothing of that name.
     *
     * @param kind in the singular, as {@code view}
     * @param existing the names that there are
     */
    public static Problem unknown(String kind, String name, Collection<String> existing) {
        String there =
                existing.isEmpty() ? "there are no " + kind + "s yet" : "there are " + String.join(", ", existing);
        return new Problem(
                        404, "unknown-" + kind, "Unknown " + kind, "there is no " + kind + " '" + name + "'; " + there)
                .with(kind + "s", existing);
    }

    /** Adds an extension member, such as the existing names. Its name is none of RFC 9457's own members. */
    public Problem with(String member, Object value) {
        if (RESERVED.contains(member)) {
            throw new IllegalArgumentException("'" + member + "' is a member of every problem");
        }
        members.put(member, value instanceof Collection<?> many ? List.copyOf(many) : value);
        return this;
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    /** The extension members. */
    public Map<String, Object> members() {
        return Collections.unmodifiableMap(members);
    }

    /** The whole problem as RFC 9457 lays it out. */
    Map<String, Object> document() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("type", TYPE_PREFIX + code);
        document.put("title", title);
        document.put("status", status);
        document.put("detail", getMessage());
        document.putAll(members);
        return document;
    }
}
