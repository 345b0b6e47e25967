package dev.leat.view.fold;

import dev.leat.postgres.Sql;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType.Kind;
import java.lang.reflect.Array;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hibernate.metamodel.mapping.CompositeIdentifierMapping;
import org.hibernate.metamodel.mapping.EmbeddableMappingType;
import org.hibernate.persister.entity.EntityPersister;

/**
 * An entity whose rows are in a view's table. The table that the entity is mapped to is only a placeholder: Hibernate's
 * statements get the view's table instead. So several views, and generations of one, can share an entity.
 */
final class EntityTable {

    private static final Map<Kind, Class<?>> KEY_TYPES = Map.of(
            Kind.STRING, String.class,
            Kind.INT, Integer.class,
            Kind.LONG, Long.class,
            Kind.UUID, UUID.class,
            Kind.DATE, LocalDate.class);

    private final EntityPersister entity;
    private final StateColumns columns;
    private final String table;
    private final Pattern mapped;
    private final List<Class<?>> keyTypes;

    // Statements with the view's table, by Hibernate's statement: a few for each entity.
    private final Map<String, String> renamed = new ConcurrentHashMap<>();

    /**
     * @param table the view's, qualified and quoted
     * @param fold what messages call it
     */
    EntityTable(EntityPersister entity, String table, String fold) {
        this.entity = entity;
        this.columns = StateColumns.of(entity, fold);
        this.table = table;
        this.mapped = Pattern.compile("(?<![\\w.\"])" + Pattern.quote(entity.getTableName()) + "(?![\\w.\"])");
        this.keyTypes =
                columns.key().stream().<Class<?>>map(c -> keyType(c, fold)).toList();
    }

    private static Class<?> keyType(Column column, String fold) {
        Class<?> type = KEY_TYPES.get(column.type().kind());
        if (type == null) {
            throw new ContractException(fold + ": id column " + column.name() + " is "
                    + column.type().postgres() + "; a state's id is made of String, Integer, Long, UUID and LocalDate");
        }
        return type;
    }

    StateColumns columns() {
        return columns;
    }

    List<Class<?>> keyTypes() {
        return keyTypes;
    }

    Class<?> type() {
        return entity.getMappedClass();
    }

    UnaryOperator<String> renaming() {
        return sql -> renamed.computeIfAbsent(sql, s -> mapped.matcher(s).replaceAll(Matcher.quoteReplacement(table)));
    }

    /** Locks the rows of keys and returns the keys found. Parameters: an array for each key column. */
    String lockStatement() {
        List<String> names = columns.keyNames();
        List<String> parameters = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            parameters.add("$" + (i + 1) + "::" + columns.key().get(i).type().postgres() + "[]");
        }
        String wanted = Sql.list(names, Sql::quote);
        return "SELECT " + wanted + " FROM " + table + " WHERE (" + wanted + ") IN (SELECT * FROM unnest("
                + String.join(", ", parameters) + ")) ORDER BY " + wanted + " FOR UPDATE";
    }

    /** The keys' values in one column. */
    Object values(Iterable<StateKey> keys, int size, int column) {
        Object[] values = (Object[]) Array.newInstance(keyTypes.get(column), size);
        int i = 0;
        for (StateKey key : keys) {
            values[i++] = key.parts().get(column);
        }
        return values;
    }

    /** The key as the entity's id. */
    Object id(StateKey key) {
        if (!(entity.getIdentifierMapping() instanceof CompositeIdentifierMapping composite)) {
            return key.parts().getFirst();
        }
        EmbeddableMappingType id = composite.getMappedIdEmbeddableTypeDescriptor();
        Object[] values = key.parts().toArray();
        return id.getRepresentationStrategy().getInstantiator().instantiate(() -> values);
    }

    Object idOf(Object state) {
        return entity.getIdentifier(state);
    }

    /** Gives a state the id that is its events' key. */
    void identify(Object state, StateKey key) {
        entity.setIdentifier(state, id(key), null);
    }
}
