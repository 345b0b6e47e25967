package dev.leat.query.rest;

import dev.leat.query.Freshness;
import java.util.Map;

/** One row of a view. */
record ViewRow(String view, Map<String, Object> row, Freshness fresh) {}
