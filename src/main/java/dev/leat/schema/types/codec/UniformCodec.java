package dev.leat.schema.types.codec;

import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import org.apache.avro.Schema;

/** The kinds whose types are all the same: each goes out as one Avro type, and into a file's column in one form. */
public abstract class UniformCodec extends ValueCodec {

    private final Schema emitted;
    private final StoredAs storedAs;
    private final String expected;

    /** @param expected what the text of a value looks like, in words */
    protected UniformCodec(Kind kind, Schema emitted, StoredAs storedAs, String expected) {
        super(ColumnType.of(kind));
        this.emitted = emitted;
        this.storedAs = storedAs;
        this.expected = expected;
    }

    @Override
    public final Schema emitted() {
        return emitted;
    }

    @Override
    public final StoredAs storedAs() {
        return storedAs;
    }

    @Override
    public final String expected() {
        return expected;
    }
}
