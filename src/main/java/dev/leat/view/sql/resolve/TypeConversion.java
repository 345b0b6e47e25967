package dev.leat.view.sql.resolve;

import java.util.List;

/**
 * A cast that goes through text: Postgres writes the value with its type's output function and reads it with the other type's
 * input function.
 *
 * @param from the type that is written
 * @param to the type that is read
 * @param functions by which both are done, those of elements, fields and bounds included
 * @param isChecked whether the text has gone through {@code leat.without_clock}
 */
public record TypeConversion(String from, String to, List<ResolvedFunction> functions, boolean isChecked) {}
