package dev.leat.http;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Why a question isn't answered, for whoever asked: a problem detail as RFC 9457 describes it. REST answers with it as
 * it is, GraphQL with an entry of {@code errors}. It never holds values of rows or secrets.
 */
public final class Problem extends RuntimeException {

    private static final String TYPE_PREFIX = "urn:leat:problem:";

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

    /** Adds an extension member, such as the names that do exist. */
    public Problem with(String member, Object value) {
        members.put(member, value instanceof Collection<?> many ? List.copyOf(many) : value);
        return this;
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    public String title() {
        return title;
    }

    public Map<String, Object> members() {
        return Collections.unmodifiableMap(members);
    }

    /** The whole problem as RFC 9457 lays it out. */
    public Map<String, Object> document() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("type", TYPE_PREFIX + code);
        document.put("title", title);
        document.put("status", status);
        document.put("detail", getMessage());
        document.putAll(members);
        return document;
    }
}
