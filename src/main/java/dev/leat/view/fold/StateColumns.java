package dev.leat.view.fold;

import dev.leat.pipeline.Names;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.hibernate.metamodel.mapping.AttributeMapping;
import org.hibernate.metamodel.mapping.CompositeIdentifierMapping;
import org.hibernate.metamodel.mapping.EmbeddableValuedModelPart;
import org.hibernate.metamodel.mapping.JdbcMapping;
import org.hibernate.metamodel.mapping.SelectableMapping;
import org.hibernate.metamodel.mapping.internal.BasicAttributeMapping;
import org.hibernate.persister.entity.EntityPersister;
import org.hibernate.type.BasicPluralType;
import org.hibernate.type.SqlTypes;

/** The columns of a view, as the entity that is its rows' state is mapped. */
record StateColumns(List<Column> key, List<Column> others) {

    /** @throws ContractException when a state is more than one row of one table, or has a type that views haven't */
    static StateColumns of(EntityPersister entity, String fold) {
        requireOneTable(entity, fold);
        List<Column> key = new ArrayList<>();
        if (entity.getIdentifierMapping() instanceof CompositeIdentifierMapping composite) {
            // In the order of the id's own attributes, in which its values are set.
            composite.getPartMappingType().forEachSelectable((i, column) -> key.add(column(column, fold, true)));
        } else {
            entity.getIdentifierMapping().forEachSelectable((i, column) -> key.add(column(column, fold, true)));
        }
        Set<String> keyed = new HashSet<>();
        key.forEach(column -> keyed.add(column.name()));
        List<Column> others = new ArrayList<>();
        entity.forEachAttributeMapping(attribute -> attribute.forEachSelectable((i, selectable) -> {
            Column column = column(selectable, fold, !selectable.isNullable());
            if (!keyed.contains(column.name())) {
                others.add(column);
            }
        }));
        return new StateColumns(List.copyOf(key), List.copyOf(others));
    }

    List<Column> all() {
        List<Column> all = new ArrayList<>(key);
        all.addAll(others);
        return all;
    }

    List<String> keyNames() {
        return key.stream().map(Column::name).toList();
    }

    private static void requireOneTable(EntityPersister entity, String fold) {
        if (entity.hasSubclasses() || entity.getTableNames().length != 1) {
            throw new ContractException(fold + ": a state is one row of one table, but " + entity.getEntityName()
                    + " has several tables or" + " subclasses; make it a plain entity");
        }
        // An id of several parts always has a generator: of its parts.
        if (!(entity.getIdentifierMapping() instanceof CompositeIdentifierMapping)
                && entity.getGenerator().generatesOnInsert()) {
            throw new ContractException(fold + ": the id of " + entity.getEntityName()
                    + " is made by a generator, but a state's id is its events' key; leave @GeneratedValue out (extend"
                    + " PanacheEntityBase, not PanacheEntity)");
        }
        entity.forEachAttributeMapping(attribute -> {
            if (!isOfRow(attribute)) {
                throw new ContractException(fold + ": a state is one row of one table, but "
                        + entity.getEntityName() + "." + attribute.getAttributeName()
                        + " is held elsewhere; make it an array, or JSON by @JdbcTypeCode(SqlTypes.JSON)");
            }
        });
    }

    private static boolean isOfRow(AttributeMapping attribute) {
        return attribute instanceof BasicAttributeMapping || attribute instanceof EmbeddableValuedModelPart;
    }

    private static Column column(SelectableMapping mapping, String fold, boolean required) {
        String name = name(mapping.getSelectionExpression());
        Names.problem(name).ifPresent(problem -> {
            throw new ContractException(fold + ": column " + name + " of the state " + problem + "; map it otherwise");
        });
        return new Column(name, type(mapping, mapping.getJdbcMapping(), fold, name), required, "");
    }

    /** As Postgres reads it: what isn't quoted is in small letters. */
    private static String name(String expression) {
        return expression.startsWith("\"")
                ? expression.substring(1, expression.length() - 1).replace("\"\"", "\"")
                : expression.toLowerCase(Locale.ROOT);
    }

    private static ColumnType type(SelectableMapping mapping, JdbcMapping jdbc, String fold, String name) {
        if (jdbc instanceof BasicPluralType<?, ?> array) {
            return ColumnType.arrayOf(type(mapping, array.getElementType(), fold, name));
        }
        return switch (jdbc.getJdbcType().getDefaultSqlTypeCode()) {
            case SqlTypes.BOOLEAN, SqlTypes.BIT -> ColumnType.of(Kind.BOOLEAN);
            case SqlTypes.TINYINT, SqlTypes.SMALLINT, SqlTypes.INTEGER -> ColumnType.of(Kind.INT);
            case SqlTypes.BIGINT -> ColumnType.of(Kind.LONG);
            case SqlTypes.REAL -> ColumnType.of(Kind.FLOAT);
            case SqlTypes.FLOAT, SqlTypes.DOUBLE -> ColumnType.of(Kind.DOUBLE);
            case SqlTypes.NUMERIC, SqlTypes.DECIMAL ->
                ColumnType.decimal(
                        mapping.getPrecision() == null ? 38 : mapping.getPrecision(),
                        mapping.getScale() == null ? 2 : mapping.getScale());
            case SqlTypes.CHAR,
                    SqlTypes.VARCHAR,
                    SqlTypes.LONGVARCHAR,
                    SqlTypes.LONG32VARCHAR,
                    SqlTypes.ENUM,
                    SqlTypes.NVARCHAR -> ColumnType.of(Kind.STRING);
            case SqlTypes.BINARY, SqlTypes.VARBINARY, SqlTypes.LONGVARBINARY, SqlTypes.LONG32VARBINARY ->
                ColumnType.of(Kind.BYTES);
            case SqlTypes.DATE -> ColumnType.of(Kind.DATE);
            case SqlTypes.TIME, SqlTypes.LOCAL_TIME -> ColumnType.of(Kind.TIME);
            case SqlTypes.TIMESTAMP, SqlTypes.LOCAL_DATE_TIME -> ColumnType.of(Kind.LOCAL_TIMESTAMP);
            case SqlTypes.TIMESTAMP_UTC,
                    SqlTypes.TIMESTAMP_WITH_TIMEZONE,
                    SqlTypes.INSTANT,
                    SqlTypes.OFFSET_DATE_TIME -> ColumnType.of(Kind.TIMESTAMP);
            case SqlTypes.UUID -> ColumnType.of(Kind.UUID);
            case SqlTypes.JSON -> ColumnType.of(Kind.JSON);
            default ->
                throw new ContractException(fold + ": column " + name + " of the state is of type "
                        + jdbc.getJavaTypeDescriptor().getTypeName()
                        + ", which views haven't; map it to a number, a text, a time, an array of those, or JSON");
        };
    }
}
