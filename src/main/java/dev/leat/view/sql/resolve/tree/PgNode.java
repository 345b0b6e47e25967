package dev.leat.view.sql.resolve.tree;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A node of a tree that Postgres has stored ({@code pg_node_tree}).
 *
 * @param name as {@code FUNCEXPR}
 * @param fields each is a {@link PgNode}, a {@link List} of values, or the text of a token; absent where Postgres has none
 */
public record PgNode(String name, Map<String, Object> fields) {

    public boolean is(String what) {
        return name.equals(what);
    }

    /** A node in a field; empty where there is none. */
    public Optional<PgNode> node(String field) {
        return fields.get(field) instanceof PgNode node ? Optional.of(node) : Optional.empty();
    }

    /** The nodes of a list; none where there is no list. */
    public List<PgNode> nodes(String field) {
        List<PgNode> nodes = new ArrayList<>();
        if (fields.get(field) instanceof List<?> list) {
            list.forEach(item -> {
                if (item instanceof PgNode node) {
                    nodes.add(node);
                }
            });
        }
        return nodes;
    }

    /** A name or a text. */
    public Optional<String> text(String field) {
        return fields.get(field) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /** A whole number; 0 where there is none, as an OID that is none. */
    public long number(String field) {
        return text(field)
                .filter(text -> text.matches("-?\\d+"))
                .map(Long::parseLong)
                .orElse(0L);
    }

    public boolean flag(String field) {
        return text(field).filter("true"::equals).isPresent();
    }

    /** The numbers of a bit set, of a list of OIDs or of bytes. */
    public List<Integer> numbers(String field) {
        List<Integer> numbers = new ArrayList<>();
        if (fields.get(field) instanceof List<?> list) {
            list.stream()
                    .filter(item -> item instanceof String text && text.matches("-?\\d+"))
                    .forEach(item -> numbers.add(Integer.parseInt((String) item)));
        }
        return numbers;
    }

    /** This node, then all within it, in the order of the tree. */
    public void walk(Consumer<PgNode> visitor) {
        visitor.accept(this);
        fields.values().forEach(value -> walk(value, visitor));
    }

    /** The nodes at the same places of two trees that differ, each after those within it. */
    public void compare(PgNode other, BiConsumer<PgNode, PgNode> visitor) {
        for (Map.Entry<String, Object> field : fields.entrySet()) {
            compare(field.getValue(), other.fields.get(field.getKey()), visitor);
        }
        if (!equals(other)) {
            visitor.accept(this, other);
        }
    }

    private static void compare(Object one, Object other, BiConsumer<PgNode, PgNode> visitor) {
        if (one instanceof PgNode first && other instanceof PgNode second) {
            first.compare(second, visitor);
        } else if (one instanceof List<?> first && other instanceof List<?> second) {
            for (int i = 0; i < Math.min(first.size(), second.size()); i++) {
                compare(first.get(i), second.get(i), visitor);
            }
        }
    }

    private static void walk(Object value, Consumer<PgNode> visitor) {
        if (value instanceof PgNode node) {
            node.walk(visitor);
        } else if (value instanceof List<?> list) {
            list.forEach(item -> walk(item, visitor));
        }
    }
}
