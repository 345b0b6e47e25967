package dev.leat.view.sql.delta.text;

import dev.leat.pipeline.sql.Query.Select;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;

/** A column beside those of the result: part of what names the rows that are computed together. */
public final class Slot {

    private final String name;
    private final Map<Select, String> expressions = new IdentityHashMap<>();
    private String type;

    public Slot(int number) {
        this("_k" + number);
    }

    public Slot(String name) {
        this.name = name;
    }

    public String name() {
        return name;
    }

    /** In this SELECT; elsewhere it is null. */
    public void is(Select select, String expression) {
        expressions.put(select, expression);
    }

    public Optional<String> in(Select select) {
        return Optional.ofNullable(expressions.get(select));
    }

    /** As a column of the SELECT's own, where that has another type or doesn't know it. */
    public String of(Select select) {
        return in(select).orElse("NULL" + (type == null ? "" : "::" + type));
    }

    public void type(String postgres) {
        type = postgres;
    }

    public String type() {
        return type;
    }
}
