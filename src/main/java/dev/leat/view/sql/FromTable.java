package dev.leat.view.sql;

/**
 * A stream or a view in a SELECT's FROM.
 *
 * @param alias by which the SELECT speaks of it
 * @param place of its name
 */
record FromTable(Relation relation, String alias, TextSpan place) {}
