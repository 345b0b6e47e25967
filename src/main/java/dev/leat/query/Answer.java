package dev.leat.query;

import java.util.List;
import java.util.Map;

/**
 * The rows of a view and how fresh they are, both of one snapshot.
 *
 * @param rows by column name, with values that Jackson writes as they are
 */
public record Answer(List<Map<String, Object>> rows, Freshness fresh) {}
