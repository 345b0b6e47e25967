package dev.leat.view.sql;

import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What becomes final in a view.
 *
 * @param lastEnd the last moment up to the given one at which something ends
 * @param rows a SELECT of the rows, as readers see them, whose windows end after {@code $1}, and at {@code $2} or before
 * @param clearing statements that empty what only merging needed, of the same rows
 * @param retention statements that delete what isn't needed any more once the view is closed through {@code $1}
 */
record FinalRows(UnaryOperator<Instant> lastEnd, String rows, List<String> clearing, List<String> retention) {}
