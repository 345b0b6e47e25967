package dev.leat.pipeline.sql;

import dev.leat.pipeline.sql.Query.SubLink;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What FROM needs of whoever reads queries, for those within it. */
interface Inner {

    /** What WITH names: the range of its query, the columns that it is given, and what it may read itself. */
    record Named(int from, int end, Optional<Span> columns, Map<String, Named> scope) {}

    Query query(int from, int end, Map<String, Named> scope);

    /** Whether a query begins there, or parentheses with one in them. */
    boolean isQuery(int i);

    /** Adds the queries in parentheses of a range, not those within them. */
    void findLinks(int from, int end, Map<String, Named> scope, List<SubLink> links);

    QueryException refused(int token, String why);
}
