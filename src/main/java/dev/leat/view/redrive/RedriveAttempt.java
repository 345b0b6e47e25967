package dev.leat.view.redrive;

import dev.leat.schema.types.Rows;
import java.util.List;

/** What one transaction of a redrive has come to. */
sealed interface RedriveAttempt {

    /** @param rest keys of which there are more parked events than one transaction takes */
    record Done(RedriveOutcome outcome, List<byte[]> rest) implements RedriveAttempt {}

    /**
     * Nothing was changed: the tables of these rows' streams have to be created, or to get columns, before the same is tried
     * again.
     */
    record TablesLagging(List<Rows> rows) implements RedriveAttempt {}
}
