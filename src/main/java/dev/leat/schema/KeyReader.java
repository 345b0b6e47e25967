package dev.leat.schema;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads the key of a delete into the key columns: a framed Avro record with fields of those names, a framed Avro
 * primitive, or plain text for a single text column.
 */
final class KeyReader {

    private final SchemaRegistry registry;
    private final Cursor cursor = new Cursor();

    KeyReader(SchemaRegistry registry) {
        this.registry = registry;
    }

    /** Appends a row that has the key's columns and no others; what is wrong with the key, if it can't. */
    Optional<String> read(ConsumerRecord<byte[], byte[]> record, List<String> columns, Rows rows) {
        byte[] key = record.key();
        try {
            Rows read = WireFormat.isFramed(key)
                    ? framed(key, Instant.ofEpochMilli(record.timestamp()), columns, rows)
                    : text(key, columns, rows);
            for (int i = 0; i < read.shape().size(); i++) {
                if (!columns.contains(read.shape().columns().get(i).name())) {
                    read.vector(i).appendNull();
                }
            }
            return Optional.empty();
        } catch (Cursor.Malformed | ContractException e) {
            return Optional.of("the key can't be read: " + e.getMessage());
        }
    }

    private static Rows text(byte[] key, List<String> columns, Rows rows) {
        if (columns.size() != 1 || rows.vector(columns.getFirst()).type().kind() != ColumnType.Kind.STRING) {
            throw new ContractException("it is neither framed Avro nor the text of a single text column");
        }
        rows.vector(columns.getFirst()).append((Object) new String(key, StandardCharsets.UTF_8));
        return rows;
    }

    private Rows framed(byte[] key, Instant namedAt, List<String> columns, Rows rows) {
        int id = WireFormat.schemaId(key);
        Schema schema = registry.schema(Integer.toUnsignedLong(id), namedAt)
                .orElseThrow(() -> new ContractException("the registry has no schema with id " + id));
        cursor.reset(key, WireFormat.HEADER_BYTES);
        if (schema.getType() != Schema.Type.RECORD) {
            if (columns.size() != 1) {
                throw new ContractException("it is one value, but the key has " + columns.size() + " columns");
            }
            ColumnType written = AvroTypes.columnType(schema);
            ColumnType into = rows.vector(columns.getFirst()).type();
            if (!into.holds(written)) {
                throw new ContractException("it is " + written.postgres() + ", but column " + columns.getFirst()
                        + " is " + into.postgres());
            }
            ReadStep.of(schema, written, into, rows.shape().indexOf(columns.getFirst()))
                    .read(cursor, rows.writable());
            return rows;
        }
        // Fields of the key record that are no key columns are read into a scratch shape and forgotten.
        RecordFields fields = RecordFields.of(schema, rows.stream().nested());
        Shape scratch = new Shape(fields.columns());
        Rows read = new Rows(rows.stream(), scratch, rows.partition());
        fields.steps(scratch).read(cursor, read.writable());
        for (String column : columns) {
            if (!scratch.has(column) || read.vector(column).isNull(0)) {
                throw new ContractException(schema.getFullName() + " has no value for " + column);
            }
            copy(read.vector(column), rows.vector(column));
        }
        return rows;
    }

    private static void copy(Vector from, Vector to) {
        if (!to.type().holds(from.type())) {
            throw new ContractException("it has " + from.type().postgres() + " where the column is "
                    + to.type().postgres());
        }
        to.appendValue(AvroValue.widened(from.valueAt(0), from.type(), to.type()));
    }
}
