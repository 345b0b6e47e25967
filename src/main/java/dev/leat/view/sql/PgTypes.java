package dev.leat.view.sql;

import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The type table from Postgres's side: what a result's column is to those who read it. */
final class PgTypes {

    private static final Pattern NUMERIC = Pattern.compile("numeric\\((\\d+),(-?\\d+)\\)");

    private PgTypes() {}

    /**
     * @param type as {@code format_type} writes it
     * @return empty for a type that the type table hasn't got
     */
    static Optional<ColumnType> of(String type) {
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
        return Optional.ofNullable(kind(type.replaceFirst("\\(\\d+\\)", ""))).map(ColumnType::of);
    }

    private static Kind kind(String type) {
        return switch (type) {
            case "boolean" -> Kind.BOOLEAN;
            case "smallint", "integer" -> Kind.INT;
            case "bigint" -> Kind.LONG;
            case "real" -> Kind.FLOAT;
            case "double precision" -> Kind.DOUBLE;
            case "text", "character varying", "character", "name", "\"char\"" -> Kind.STRING;
            case "bytea" -> Kind.BYTES;
            case "date" -> Kind.DATE;
            case "time without time zone" -> Kind.TIME;
            case "timestamp with time zone" -> Kind.TIMESTAMP;
            case "timestamp without time zone" -> Kind.LOCAL_TIMESTAMP;
            case "numeric" -> Kind.DECIMAL;
            case "uuid" -> Kind.UUID;
            case "interval" -> Kind.DURATION;
            case "jsonb", "json" -> Kind.JSON;
            default -> null;
        };
    }
}
