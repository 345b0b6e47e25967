package dev.leat.schema;

import dev.leat.schema.ReadStep.Nullable;
import dev.leat.schema.ReadStep.Simple;

/**
 * Consecutive records of one schema, which are read field by field: one field of all of them, then the next. So each
 * loop does one thing, and reading a record waits for nothing in the others. Not thread-safe; one a decoding thread.
 */
final class Block {

    /** Few enough that their bytes stay close to the processor from one field to the next. */
    static final int RECORDS = 128;

    private final byte[][] bytes = new byte[RECORDS][];
    private final int[] positions = new int[RECORDS];
    private int size;

    void clear() {
        size = 0;
    }

    boolean isFull() {
        return size == RECORDS;
    }

    /** How many records there are. */
    int size() {
        return size;
    }

    /** @param from where the record begins in these bytes; it ends where they end */
    void add(byte[] record, int from) {
        bytes[size] = record;
        positions[size++] = from;
    }

    /** Reads what stands next in each record. */
    void read(ReadStep field, Cursor in, Vector[] out) {
        for (int i = 0; i < size; i++) {
            in.reset(bytes[i], positions[i]);
            field.read(in, out);
            positions[i] = in.position();
        }
    }

    /** The same where it is a simple value. */
    void read(Simple field, Cursor in, Vector out) {
        switch (field) {
            case DOUBLE -> readDoubles(in, out);
            case INT -> readInts(in, out);
            case LONG -> readLongs(in, out, 1);
            case MILLIS -> readLongs(in, out, 1000);
            case STRING -> {
                for (int i = 0; i < size; i++) {
                    in.reset(bytes[i], positions[i]);
                    out.append((Object) in.readString());
                    positions[i] = in.position();
                }
            }
            default -> {
                for (int i = 0; i < size; i++) {
                    in.reset(bytes[i], positions[i]);
                    field.read(in, out);
                    positions[i] = in.position();
                }
            }
        }
    }

    /** The same where it is a simple value or none. */
    void readOptional(Simple field, int nullBranch, Cursor in, Vector out) {
        for (int i = 0; i < size; i++) {
            in.reset(bytes[i], positions[i]);
            if (!Nullable.isPresent(in, nullBranch)) {
                out.appendNull();
            } else {
                switch (field) {
                    case INT -> out.append((long) in.readIntOfWord());
                    case DOUBLE -> out.append(in.readDoubleBits());
                    case STRING -> out.append((Object) in.readString());
                    default -> field.read(in, out);
                }
            }
            positions[i] = in.position();
        }
    }

    private void readDoubles(Cursor in, Vector out) {
        for (int i = 0; i < size; i++) {
            in.reset(bytes[i], positions[i]);
            out.append(in.readDoubleBits());
            positions[i] = in.position();
        }
    }

    private void readInts(Cursor in, Vector out) {
        for (int i = 0; i < size; i++) {
            in.reset(bytes[i], positions[i]);
            out.append(in.readIntOfWord());
            positions[i] = in.position();
        }
    }

    private void readLongs(Cursor in, Vector out, long factor) {
        for (int i = 0; i < size; i++) {
            in.reset(bytes[i], positions[i]);
            out.append(AvroValue.scaled(in.readLong(), factor));
            positions[i] = in.position();
        }
    }

    void requireEnds(Cursor in) {
        for (int i = 0; i < size; i++) {
            in.reset(bytes[i], positions[i]);
            in.requireEnd();
        }
    }
}
