package dev.leat.schema.types.codec;

/** The form in which a vector's values go into a file's column. */
public enum StoredAs {
    BOOLEAN,
    INT,
    LONG,
    FLOAT,
    DOUBLE,
    /** UTF-8, of which no string is made. */
    UTF8,
    /** The vector's object, as it is. */
    OBJECT,
    /** The vector's object, converted by {@link ValueCodec#toStored}. */
    CONVERTED
}
