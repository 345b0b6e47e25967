package dev.leat.schema.decode;

import dev.leat.pipeline.Stream;
import dev.leat.pipeline.Stream.KeyFormat;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.registry.SchemaRegistry;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.avro.AvroCursor;
import dev.leat.schema.types.avro.AvroLimits;
import dev.leat.schema.wire.Records;
import dev.leat.schema.wire.WireFormat;
import dev.leat.schema.wire.WireFormat.Named;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * Reads the key of a delete into the key columns, as the stream's {@code key-format} says; without that, what names a
 * schema is Avro, and everything else is the text of a single text column.
 */
public final class KeyReader {

    private final SchemaRegistry registry;
    private final WireFormat format;
    private final AvroCursor cursor;
    private final AvroKeys avro = new AvroKeys();

    public KeyReader(SchemaRegistry registry, WireFormat format) {
        this(registry, format, AvroLimits.DEFAULT);
    }

    public KeyReader(SchemaRegistry registry, WireFormat format, AvroLimits limits) {
        this.registry = registry;
        this.format = format;
        this.cursor = new AvroCursor(limits);
    }

    /** Appends a row that has the key's columns and no others; what is wrong with the key, if it can't. */
    public Optional<String> read(Records records, int index, Stream stream, Rows rows) {
        List<String> columns = stream.key();
        try {
            KeyFormat declared = stream.decoding().keyFormat().orElse(null);
            Named named = declared == null || declared == KeyFormat.AVRO ? format.key(records, index) : null;
            if (named != null) {
                avro(records, index, named, columns, rows);
            } else if (declared == KeyFormat.AVRO) {
                throw new ContractException(format.whyKeyNamesNone(records, index));
            } else if (declared == null) {
                text(records.key(index), columns, rows);
            } else {
                PlainKeys.append(declared, records.key(index), rows.vector(columns.getFirst()));
            }
            for (int i = 0; i < rows.shape().size(); i++) {
                if (!columns.contains(rows.shape().columns().get(i).name())) {
                    rows.vector(i).appendNull();
                }
            }
            return Optional.empty();
        } catch (AvroCursor.Malformed | ContractException e) {
            return Optional.of("the key can't be read: " + e.getMessage());
        }
    }

    private static void text(byte[] key, List<String> columns, Rows rows) {
        Kind kind = columns.size() == 1 ? rows.vector(columns.getFirst()).type().kind() : null;
        if (kind != Kind.STRING && kind != Kind.UUID) {
            throw new ContractException("it is neither framed Avro nor the text of a single text column");
        }
        PlainKeys.append(kind == Kind.UUID ? KeyFormat.UUID : KeyFormat.STRING, key, rows.vector(columns.getFirst()));
    }

    private void avro(Records records, int index, Named named, List<String> columns, Rows rows) {
        Schema schema = registry.schema(named.id(), Instant.ofEpochMilli(records.timestamp(index)))
                .orElseThrow(() -> new ContractException("the registry has no schema with " + named.id()));
        cursor.reset(records.array(), records.keyStart(index) + named.start(), records.valueStart(index));
        avro.append(cursor, schema, columns, rows);
    }
}
