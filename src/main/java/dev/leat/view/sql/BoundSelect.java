package dev.leat.view.sql;

import io.vertx.mutiny.sqlclient.Tuple;
import java.util.function.Supplier;

/**
 * What a SELECT's streams stand for in one statement.
 *
 * @param with definitions of relations under the streams' names, as they stand behind WITH
 * @param fromWhere the SELECT's FROM and WHERE
 * @param parameters makes those of the definitions anew, for each statement
 * @param by the stream whose events bring what the SELECT yields then
 */
record BoundSelect(String with, String fromWhere, Supplier<Tuple> parameters, FromTable by) {}
