package dev.leat.schema;

import dev.leat.schema.types.avro.AvroLimits;

/**
 * What a record may cost.
 *
 * @param read where it becomes a row
 * @param shown where somebody looks at it
 */
record RecordCost(AvroLimits read, AvroLimits shown) {

    static final RecordCost DEFAULT = new RecordCost(AvroLimits.DEFAULT, AvroLimits.DEFAULT);

    /** @throws IllegalArgumentException when a limit makes no sense */
    static RecordCost of(DecodeConfig config) {
        AvroLimits read = new AvroLimits(
                config.maxDepth(),
                config.maxDigits(),
                config.freeValues(),
                config.maxJson().asLongValue());
        return new RecordCost(read, read.withJson(Math.min(config.maxShown().asLongValue(), read.json())));
    }
}
