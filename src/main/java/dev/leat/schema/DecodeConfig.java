package dev.leat.schema;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What one record may cost at most. One that would cost more is a dead letter that says by how much. */
@ConfigMapping(prefix = "leat.decode")
public interface DecodeConfig {

    /** Levels of arrays, maps, records and unions in one value; at most 1000, which is as deep as JSON is read. */
    @WithDefault("500")
    int maxDepth();

    /** Decimal digits of one number, written out without an exponent. */
    @WithDefault("16383")
    int maxDigits();

    /** Values of a record that need no byte each (nulls, empty records), beyond eight for each of its bytes. */
    @WithDefault("10000")
    int freeValues();

    /**
     * Characters of JSON that a record becomes. A short record is held to 256 for each of its bytes, and 65,536 more.
     */
    @WithDefault("64M")
    MemorySize maxJson();

    /** The same where a dead letter is shown. */
    @WithDefault("1M")
    MemorySize maxShown();
}
