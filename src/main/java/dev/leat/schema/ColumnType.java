package dev.leat.schema;

import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * The type table: what one kind of value is called in Postgres, in Parquet (as the Avro schema that parquet-avro
 * writes) and in GraphQL. The one place where a type is mapped.
 *
 * @param precision decimal digits in all; 0 unless the kind is {@link Kind#DECIMAL}
 * @param scale decimal digits behind the point; 0 unless the kind is {@link Kind#DECIMAL}
 */
public record ColumnType(Kind kind, int precision, int scale) {

    /** How a value is held in a {@link Vector}. */
    public enum Storage {
        LONG,
        DOUBLE,
        OBJECT
    }

    /** A kind of value. */
    public enum Kind {
        /** 0 or 1. */
        BOOLEAN("boolean", "Boolean", Storage.LONG),
        INT("integer", "Int", Storage.LONG),
        LONG("bigint", "Long", Storage.LONG),
        FLOAT("real", "Float", Storage.DOUBLE),
        DOUBLE("double precision", "Float", Storage.DOUBLE),
        /** A {@link String}. */
        STRING("text", "String", Storage.OBJECT),
        /** A {@code byte[]}; base64 in JSON. */
        BYTES("bytea", "String", Storage.OBJECT),
        /** Days since 1970-01-01. */
        DATE("date", "Date", Storage.LONG),
        /** Microseconds since midnight. */
        TIME("time", "Time", Storage.LONG),
        /** Microseconds since 1970-01-01T00:00Z, an instant. */
        TIMESTAMP("timestamptz", "DateTime", Storage.LONG),
        /** Microseconds since 1970-01-01T00:00 on a clock without a zone. */
        LOCAL_TIMESTAMP("timestamp", "LocalDateTime", Storage.LONG),
        /** A {@link java.math.BigDecimal}; a string in JSON, so that no digit is lost. */
        DECIMAL("numeric", "Decimal", Storage.OBJECT),
        /** A {@link java.util.UUID}. */
        UUID("uuid", "UUID", Storage.OBJECT),
        /** A {@link String} of JSON: whatever has no column type of its own. */
        JSON("jsonb", "JSON", Storage.OBJECT);

        private final String postgres;
        private final String graphql;
        private final Storage storage;

        Kind(String postgres, String graphql, Storage storage) {
            this.postgres = postgres;
            this.graphql = graphql;
            this.storage = storage;
        }
    }

    /** Parquet's widest DECIMAL; wider ones are written as strings. */
    private static final int PARQUET_DECIMAL_DIGITS = 38;

    public static ColumnType of(Kind kind) {
        return new ColumnType(kind, 0, 0);
    }

    public static ColumnType decimal(int precision, int scale) {
        return new ColumnType(Kind.DECIMAL, precision, scale);
    }

    public Storage storage() {
        return kind.storage;
    }

    /** The type in DDL. */
    public String postgres() {
        return kind == Kind.DECIMAL ? "numeric(" + precision + "," + scale + ")" : kind.postgres;
    }

    /** Name of the GraphQL scalar. */
    public String graphql() {
        return kind.graphql;
    }

    /** The type as parquet-avro is to write it, nullable. */
    public Schema parquet() {
        Schema plain =
                switch (kind) {
                    case BOOLEAN -> Schema.create(Schema.Type.BOOLEAN);
                    case INT -> Schema.create(Schema.Type.INT);
                    case LONG -> Schema.create(Schema.Type.LONG);
                    case FLOAT -> Schema.create(Schema.Type.FLOAT);
                    case DOUBLE -> Schema.create(Schema.Type.DOUBLE);
                    case BYTES -> Schema.create(Schema.Type.BYTES);
                    case DATE -> LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
                    case TIME -> LogicalTypes.timeMicros().addToSchema(Schema.create(Schema.Type.LONG));
                    case TIMESTAMP -> LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
                    case LOCAL_TIMESTAMP ->
                        LogicalTypes.localTimestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
                    case DECIMAL ->
                        isWiderThanParquet()
                                ? Schema.create(Schema.Type.STRING)
                                : LogicalTypes.decimal(precision, scale).addToSchema(Schema.create(Schema.Type.BYTES));
                    case STRING, UUID, JSON -> Schema.create(Schema.Type.STRING);
                };
        return Schema.createUnion(List.of(Schema.create(Schema.Type.NULL), plain));
    }

    /** Whether a decimal has more digits than Parquet's DECIMAL holds, and is written as a string. */
    public boolean isWiderThanParquet() {
        return kind == Kind.DECIMAL && precision > PARQUET_DECIMAL_DIGITS;
    }
}
