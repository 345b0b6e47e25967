package dev.leat.view.sql;

import io.vertx.mutiny.sqlclient.Tuple;
import java.util.function.Supplier;

/**
 * A SELECT with relations bound in place of its streams, for one statement.
 *
 * @param with definitions of relations under the streams' names, for the statement's WITH
 * @param fromWhere the SELECT's FROM and WHERE
 * @param parameters of the definitions; a new tuple for each statement
 * @param by the stream whose events yield the result
 */
record BoundSelect(String with, String fromWhere, Supplier<Tuple> parameters, FromTable by) {}
