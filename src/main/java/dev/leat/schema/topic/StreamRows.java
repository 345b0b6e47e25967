package dev.leat.schema.topic;

import dev.leat.pipeline.Stream;
import dev.leat.pipeline.Stream.Unwrap;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.decode.Default;
import dev.leat.schema.decode.ReadPlan;
import dev.leat.schema.decode.RecordFields;
import dev.leat.schema.decode.RowPlan;
import dev.leat.schema.envelope.DebeziumEnvelope;
import dev.leat.schema.envelope.YelpEnvelope;
import dev.leat.schema.envelope.YelpRow;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.avro.Schema;

/** How a stream's values become rows: as they are, or out of an envelope. */
record StreamRows(Stream stream) {

    /** The schema of the row: the record, or the row within its envelope where both are of one schema. */
    Schema row(Schema schema) {
        return isDebezium() ? DebeziumEnvelope.row(schema) : schema;
    }

    List<Column> columns(Schema schema, RecordFields fields) {
        List<Column> ofRow = fields.columns();
        return switch (stream.decoding().unwrap().orElse(null)) {
            case DEBEZIUM -> DebeziumEnvelope.columns(schema, ofRow);
            case YELP -> YelpRow.columns(schema, ofRow);
            case null -> ofRow;
        };
    }

    RowPlan plan(Schema writer, RecordFields fields, Shape into, Map<String, Default> defaults) {
        return isDebezium()
                ? new DebeziumEnvelope(writer, fields, into, defaults, stream.key(), new Rows(stream, into, 0))
                : new ReadPlan(fields, into, defaults);
    }

    RowPlan plan(
            YelpEnvelope envelope, Schema payload, RecordFields fields, Shape into, Map<String, Default> defaults) {
        return new YelpRow(envelope, payload, fields, into, defaults, stream.key(), new Rows(stream, into, 0));
    }

    /** Whether the subject has the contract of an envelope, which doesn't say what the rows in it are. */
    boolean isOfEnvelope() {
        return stream.decoding().unwrap().equals(Optional.of(Unwrap.YELP))
                && stream.contract().subject() == Stream.Subject.TOPIC;
    }

    /** @param takes whether a record is the stream's */
    Optional<Schema> own(Schema contract, Predicate<Schema> takes) {
        if (isOfEnvelope()) {
            YelpEnvelope.require(contract);
            return Optional.empty();
        }
        if (contract.getType() != Schema.Type.UNION) {
            return Optional.of(contract).filter(takes);
        }
        List<Schema> records = contract.getTypes().stream()
                .filter(branch -> branch.getType() == Schema.Type.RECORD)
                .filter(takes)
                .toList();
        if (records.size() > 1) {
            throw new ContractException(stream.at("") + ": the contract of topic " + stream.topic()
                    + " is a union of "
                    + String.join(
                            ", ", records.stream().map(Schema::getFullName).toList())
                    + "; say by `type:` which of them the stream is");
        }
        return records.stream().findFirst();
    }

    private boolean isDebezium() {
        return stream.decoding().unwrap().equals(Optional.of(Unwrap.DEBEZIUM));
    }
}
