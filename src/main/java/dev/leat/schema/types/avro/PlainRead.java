package dev.leat.schema.types.avro;

import dev.leat.schema.types.Vector;

/** The ways of reading a value that need no schema once they are chosen. They are chosen once a column. */
public enum PlainRead {
    BOOLEAN,
    INT,
    INT_TO_DOUBLE,
    LONG,
    LONG_TO_DOUBLE,
    /** A time in milliseconds, into a column of microseconds. */
    MILLIS,
    /** A time in milliseconds, into a column of nanoseconds. */
    MILLIS_TO_NANOS,
    /** A time in microseconds, into a column of nanoseconds. */
    MICROS_TO_NANOS,
    FLOAT,
    DOUBLE,
    STRING;

    /** Appends the value. Small, and the one place for all, so that the compiler inlines it in its callers. */
    public void read(AvroCursor in, Vector out) {
        switch (this) {
            case BOOLEAN -> out.append(in.readBoolean() ? 1L : 0L);
            case INT -> out.append((long) in.readInt());
            case INT_TO_DOUBLE -> out.append((double) in.readInt());
            case LONG -> out.append(in.readLong());
            case LONG_TO_DOUBLE -> out.append((double) in.readLong());
            case MILLIS, MICROS_TO_NANOS -> out.append(AvroTypes.scaled(in.readLong(), 1000));
            case MILLIS_TO_NANOS -> out.append(AvroTypes.scaled(AvroTypes.scaled(in.readLong(), 1000), 1000));
            case FLOAT -> out.append((double) in.readFloat());
            case DOUBLE -> out.append(in.readDouble());
            case STRING -> in.readText(out);
        }
    }
}
