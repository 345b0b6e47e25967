package dev.leat.view.sql;

import java.time.Instant;
import java.util.function.UnaryOperator;

/**
 * What becomes final in a view.
 *
 * @param lastEnd the last moment up to the given one at which something ends
 * @param rows a SELECT of the rows, as readers see them, whose windows end behind {@code $1} and at {@code $2} or before
 */
record Closing(UnaryOperator<Instant> lastEnd, String rows) {}
