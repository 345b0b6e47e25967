package dev.leat.view.sql;

import io.vertx.mutiny.sqlclient.Tuple;

/**
 * What a SELECT's streams stand for in one statement.
 *
 * @param with definitions of relations under the streams' names, as they stand behind WITH
 * @param fromWhere the SELECT's FROM and WHERE
 * @param parameters those of the definitions; for one statement only
 */
record Bound(String with, String fromWhere, Tuple parameters) {}
