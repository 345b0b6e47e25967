package dev.leat.schema.types.table;

import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The type table from Postgres's side: what a result's column is to those who read it. */
public final class PgTypes {

    private static final Pattern NUMERIC = Pattern.compile("numeric\\((\\d+),(-?\\d+)\\)");

    private static final Map<String, ColumnType> NAMED = named();

    private PgTypes() {}

    /**
     * @param type as {@code format_type} writes it
     * @return empty for a type that the type table hasn't got
     */
    public static Optional<ColumnType> of(String type) {
        if (type.endsWith("[]")) {
            return of(type.substring(0, type.length() - 2)).map(ColumnType::arrayOf);
        }
        Matcher numeric = NUMERIC.matcher(type);
        if (numeric.matches()) {
            int precision = Integer.parseInt(numeric.group(1));
            int scale = Integer.parseInt(numeric.group(2));
            return Optional.of(
                    scale < 0 || scale > precision ? ColumnType.anyDecimal() : ColumnType.decimal(precision, scale));
        }
        return Optional.ofNullable(NAMED.get(type.replaceFirst("\\(\\d+\\)", "")));
    }

    private static Map<String, ColumnType> named() {
        Map<String, ColumnType> named = new HashMap<>();
        for (Kind kind : Kind.values()) {
            if (kind.isSimple() || kind == Kind.JSON) {
                ColumnType type = ColumnType.of(kind);
                TypeTable.of(type).postgresNames().forEach(name -> named.put(name, type));
            }
        }
        return named;
    }
}
