package dev.leat.view.sql;

import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What becomes final in a view.
 *
 * @param lastEnd the last moment up to the given one at which something ends
 * @param rows a SELECT of the rows, as readers see them, whose windows end behind {@code $1} and at {@code $2} or before
 * @param merged statements that forget what only merging needed, of the same rows
 * @param over statements that forget what isn't needed any more when the view is closed through {@code $1}
 */
record FinalRows(UnaryOperator<Instant> lastEnd, String rows, List<String> merged, List<String> over) {}
