package dev.leat.schema.topic;

import dev.leat.schema.contract.ContractException;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.avro.Schema;

/**
 * The versions of a subject, as one stream has them.
 *
 * @param versions the stream's own record of each, oldest first; never empty
 * @param columns those of a version, or a {@link ContractException} where it isn't fit
 */
record SubjectVersions(List<Schema> versions, Function<Schema, List<Column>> columns) {

    /**
     * Asks the newest first. A later version may lack what the pipeline names: one that has it is enough.
     *
     * @param requirement throws a {@link ContractException} where a version doesn't meet it
     * @throws ContractException of the newest, when none meets it
     */
    void requireInOne(BiConsumer<Shape, Schema> requirement) {
        ContractException ofNewest = null;
        for (Schema version : versions.reversed()) {
            try {
                requirement.accept(new Shape(columns.apply(version)), version);
                return;
            } catch (ContractException unfit) {
                ofNewest = ofNewest == null ? unfit : ofNewest;
            }
        }
        throw ofNewest;
    }

    /** Those that fit the newest and each other, oldest first; of two that don't fit each other, the newer one. */
    List<Schema> fitting() {
        List<Schema> fitting = new ArrayList<>();
        Shape together = new Shape(List.of());
        for (Schema version : versions.reversed()) {
            try {
                together = new Shape(columns.apply(version)).with(together.columns());
                fitting.addFirst(version);
            } catch (ContractException unfit) {
                continue; // Whoever reads a record of it is told why.
            }
        }
        return fitting;
    }
}
