package dev.leat.schema.types;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The type of a column's values. Its kind says what the values are, and how they are called in Postgres, JSON and GraphQL;
 * {@code types.table.TypeTable} has the codec that reads and writes them.
 *
 * @param precision decimal digits in all; 0 for a decimal of any number of digits, and unless the kind is {@link
 *     Kind#DECIMAL}
 * @param scale decimal digits after the point; 0 unless the kind is {@link Kind#DECIMAL}
 * @param members the parts of an array, a map or a union; empty for every other kind
 */
public record ColumnType(Kind kind, int precision, int scale, List<Member> members) {

    /** How a value is held in a {@link Vector}. */
    public enum Storage {
        LONG,
        DOUBLE,
        OBJECT
    }

    /** A kind of value. */
    public enum Kind {
        /** 0 or 1. */
        BOOLEAN("boolean", "Boolean", "true, false", Storage.LONG),
        INT("integer", "Int", "number", Storage.LONG),
        LONG("bigint", "Long", "number", Storage.LONG),
        FLOAT("real", "Float", "number, or `\"NaN\"`, `\"Infinity\"`, `\"-Infinity\"`", Storage.DOUBLE),
        DOUBLE("double precision", "Float", "number, or `\"NaN\"`, `\"Infinity\"`, `\"-Infinity\"`", Storage.DOUBLE),
        /** A {@link String}. */
        STRING("text", "String", "string", Storage.OBJECT),
        /** A {@code byte[]}. */
        BYTES("bytea", "String", "string of base64", Storage.OBJECT),
        /** Days since 1970-01-01. */
        DATE("date", "Date", "`\"2026-01-31\"`", Storage.LONG),
        /** Microseconds since midnight. */
        TIME("time", "Time", "`\"23:59:59.999999\"`", Storage.LONG),
        /** Microseconds since 1970-01-01T00:00Z, an instant. */
        TIMESTAMP("timestamptz", "DateTime", "`\"2026-01-31T23:59:59.999999Z\"`", Storage.LONG),
        /** Nanoseconds since 1970-01-01T00:00Z, an instant; Postgres has no time as fine as that. */
        TIMESTAMP_NANOS("bigint", "DateTime", "`\"2026-01-31T23:59:59.999999999Z\"`", Storage.LONG),
        /** Microseconds since 1970-01-01T00:00 on a clock without a zone. */
        LOCAL_TIMESTAMP("timestamp", "LocalDateTime", "`\"2026-01-31T23:59:59.999999\"`", Storage.LONG),
        /** Nanoseconds since 1970-01-01T00:00 on a clock without a zone. */
        LOCAL_TIMESTAMP_NANOS("bigint", "LocalDateTime", "`\"2026-01-31T23:59:59.999999999\"`", Storage.LONG),
        /** A {@link java.math.BigDecimal}; a string in JSON, so that no digit is lost. */
        DECIMAL("numeric", "Decimal", "`\"12.50\"`", Storage.OBJECT),
        /** A {@link java.util.UUID}. */
        UUID("uuid", "UUID", "string", Storage.OBJECT),
        /** A {@link String}: months, days and milliseconds as ISO 8601 has them, {@code P14M3DT4.005S}. */
        DURATION("interval", "Duration", "`\"P14M3DT4.005S\"`", Storage.OBJECT),
        /** A {@link List} of values of the element's type, each as {@link Vector#valueAt} has it, or null. */
        ARRAY("[]", "[]", "array", Storage.OBJECT),
        /** A {@link Map} of such values by their keys. */
        MAP("jsonb", "JSON", "object", Storage.OBJECT),
        /** A {@link Branch}. */
        UNION("jsonb", "JSON", "`{\"type\": value}`", Storage.OBJECT),
        /** A {@link String} of JSON: whatever has no column type of its own. */
        JSON("jsonb", "JSON", "any", Storage.OBJECT);

        private final String postgres;
        private final String graphql;
        private final String json;
        private final Storage storage;

        Kind(String postgres, String graphql, String json, Storage storage) {
            this.postgres = postgres;
            this.graphql = graphql;
            this.json = json;
            this.storage = storage;
        }

        /** The GraphQL scalar; {@code []} for a list of another one. */
        public String graphql() {
            return graphql;
        }

        /** How a value is written in JSON, in words. */
        public String json() {
            return json;
        }

        /** Whether it is one value, without parts. */
        public boolean isSimple() {
            return switch (this) {
                case ARRAY, MAP, UNION, JSON -> false;
                default -> true;
            };
        }

        private boolean isInteger() {
            return this == INT || this == LONG;
        }

        private boolean isNumber() {
            return isInteger() || this == FLOAT || this == DOUBLE;
        }
    }

    /**
     * A part of a type.
     *
     * @param name of a union's branch: the Avro type's full name; else {@code element} or {@code value}
     */
    public record Member(String name, ColumnType type) {}

    /** The value of a union: the branch's name in {@link #members}, and its value as {@link Vector#valueAt} has it. */
    public record Branch(String name, Object value) {}

    /**
     * The first timestamp that Postgres holds, in microseconds since 1970. Its client reads it as minus infinity, so that the
     * first one of use is later. The last one is later than any number of microseconds.
     */
    public static final long BEFORE_TIMESTAMPS = LocalDate.of(-4713, 11, 24).toEpochDay() * 86_400_000_000L;

    /** The widest that Postgres declares; wider ones are numeric without a limit. */
    private static final int POSTGRES_DECIMAL_DIGITS = 1000;

    public ColumnType {
        members = List.copyOf(members);
    }

    public static ColumnType of(Kind kind) {
        return new ColumnType(kind, 0, 0, List.of());
    }

    public static ColumnType decimal(int precision, int scale) {
        return new ColumnType(Kind.DECIMAL, precision, scale, List.of());
    }

    /** A decimal whose values say their scale themselves. */
    public static ColumnType anyDecimal() {
        return of(Kind.DECIMAL);
    }

    public static ColumnType arrayOf(ColumnType element) {
        return new ColumnType(Kind.ARRAY, 0, 0, List.of(new Member("element", element)));
    }

    public static ColumnType mapOf(ColumnType value) {
        return new ColumnType(Kind.MAP, 0, 0, List.of(new Member("value", value)));
    }

    public static ColumnType union(List<Member> branches) {
        return new ColumnType(Kind.UNION, 0, 0, branches);
    }

    public Storage storage() {
        return kind.storage;
    }

    /** What an array or a map holds. */
    public ColumnType element() {
        return members.getFirst().type();
    }

    /** The type of a union's branch. */
    public ColumnType branch(String name) {
        return members.stream()
                .filter(m -> m.name().equals(name))
                .findFirst()
                .orElseThrow()
                .type();
    }

    /** The type in DDL. */
    public String postgres() {
        return switch (kind) {
            case DECIMAL ->
                hasDigits() && precision <= POSTGRES_DECIMAL_DIGITS
                        ? "numeric(" + precision + "," + scale + ")"
                        : kind.postgres;
            case ARRAY -> element().postgres() + "[]";
            default -> kind.postgres;
        };
    }

    /** The GraphQL type. */
    public String graphql() {
        return kind == Kind.ARRAY ? "[" + element().graphql() + "]" : kind.graphql;
    }

    /** Whether a decimal says how many digits it has. */
    public boolean hasDigits() {
        return precision > 0;
    }

    /**
     * The narrowest type that holds values of this type and of another one: this one when it does; empty when there is
     * none. Follows Avro's promotions; integers that meet floats become doubles.
     *
     * <p>Text and bytes hold each other, the text as UTF-8, so that whichever came first stays. A map whose values become
     * anything becomes one of JSON.
     */
    public Optional<ColumnType> widenedFor(ColumnType other) {
        if (equals(other)) {
            return Optional.of(this);
        }
        if (kind.isNumber() && other.kind.isNumber()) {
            return Optional.of(kind.isInteger() && other.kind.isInteger() ? of(Kind.LONG) : of(Kind.DOUBLE));
        }
        return switch (kind) {
            case STRING -> other.kind == Kind.BYTES ? Optional.of(this) : Optional.empty();
            case BYTES -> other.kind == Kind.STRING ? Optional.of(this) : Optional.empty();
            case TIMESTAMP_NANOS -> other.kind == Kind.TIMESTAMP ? Optional.of(this) : Optional.empty();
            case LOCAL_TIMESTAMP_NANOS -> other.kind == Kind.LOCAL_TIMESTAMP ? Optional.of(this) : Optional.empty();
            case DECIMAL -> other.kind == Kind.DECIMAL ? Optional.of(wider(other)) : Optional.empty();
            case ARRAY ->
                other.kind == Kind.ARRAY
                        ? element().widenedFor(other.element()).map(ColumnType::arrayOf)
                        : Optional.empty();
            case MAP ->
                switch (other.kind) {
                    case MAP -> widenedMap(other);
                    // A map whose values have no type of their own any more. It stays a map, for files have it as one.
                    case JSON -> Optional.of(mapOf(other));
                    default -> Optional.empty();
                };
            case UNION ->
                switch (other.kind) {
                    case UNION -> withBranches(other);
                    case JSON -> Optional.of(other);
                    default -> Optional.empty();
                };
            case JSON -> other.kind.isSimple() ? Optional.empty() : Optional.of(this);
            default -> Optional.empty();
        };
    }

    /** Whether this type holds values of another one as it is. */
    public boolean holds(ColumnType other) {
        return widenedFor(other).filter(this::equals).isPresent();
    }

    private Optional<ColumnType> widenedMap(ColumnType other) {
        return element().kind == Kind.JSON || other.element().kind == Kind.JSON
                ? Optional.of(mapOf(of(Kind.JSON)))
                : element().widenedFor(other.element()).map(ColumnType::mapOf);
    }

    private ColumnType wider(ColumnType other) {
        if (!hasDigits() || !other.hasDigits()) {
            return anyDecimal();
        }
        int behind = Math.max(scale, other.scale);
        return decimal(Math.max(precision - scale, other.precision - other.scale) + behind, behind);
    }

    private Optional<ColumnType> withBranches(ColumnType other) {
        Map<String, ColumnType> branches = new LinkedHashMap<>();
        members.forEach(m -> branches.put(m.name(), m.type()));
        for (Member member : other.members) {
            ColumnType known = branches.get(member.name());
            Optional<ColumnType> widened = known == null ? Optional.of(member.type()) : known.widenedFor(member.type());
            if (widened.isEmpty()) {
                return Optional.empty();
            }
            branches.put(member.name(), widened.get());
        }
        List<Member> all = new ArrayList<>();
        branches.forEach((name, type) -> all.add(new Member(name, type)));
        return Optional.of(union(all));
    }
}
