package dev.leat.schema.topic;

import dev.leat.schema.contract.ContractException;
import dev.leat.schema.registry.SchemaRegistry;
import dev.leat.schema.types.avro.AvroCursor;
import dev.leat.schema.types.avro.AvroLimits;
import dev.leat.schema.types.table.TypeTable;
import dev.leat.schema.wire.Records;
import dev.leat.schema.wire.WireFormat;
import dev.leat.schema.wire.WireFormat.Named;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Decodes single keys and values as JSON with the writer's schema alone, for people who look at a record. Blocks. */
public final class RecordInspector {

    private final SchemaRegistry registry;
    private final AvroLimits limits;

    /** @param limits of a record that is shown */
    public RecordInspector(SchemaRegistry registry, AvroLimits limits) {
        this.registry = registry;
        this.limits = limits;
    }

    /** @param record with a value */
    public Inspection value(ConsumerRecord<byte[], byte[]> record, WireFormat format) {
        Records alone = Records.of(List.of(record));
        Named named = format.value(alone, 0);
        return named == null
                ? new Inspection(null, null, format.whyValueNamesNone(alone, 0))
                : inspect(record.value(), named);
    }

    /** @param record with a key */
    public Inspection key(ConsumerRecord<byte[], byte[]> record, WireFormat format) {
        Records alone = Records.of(List.of(record));
        Named named = format.key(alone, 0);
        return named == null
                ? new Inspection(null, null, format.whyKeyNamesNone(alone, 0))
                : inspect(record.key(), named);
    }

    private Inspection inspect(byte[] bytes, Named named) {
        Schema schema;
        try {
            schema = registry.schema(named.id()).orElse(null);
        } catch (ContractException e) {
            return new Inspection(null, null, e.getMessage());
        }
        if (schema == null) {
            return new Inspection(null, null, "the registry has no schema with " + named.id());
        }
        AvroCursor cursor = AvroCursor.replacing(limits);
        cursor.reset(bytes, named.start());
        try {
            return new Inspection(schema.getFullName(), TypeTable.json(cursor, schema), null);
        } catch (AvroCursor.Malformed e) {
            return new Inspection(schema.getFullName(), null, "not a " + schema.getFullName() + ": " + e.getMessage());
        }
    }
}
