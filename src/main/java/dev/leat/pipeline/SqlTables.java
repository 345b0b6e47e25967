package dev.leat.pipeline;

import dev.leat.pipeline.sql.QueryException;
import dev.leat.pipeline.sql.QueryTables;
import dev.leat.pipeline.sql.TablesFinder;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.sf.jsqlparser.parser.CCJSqlParser;
import net.sf.jsqlparser.parser.CCJSqlParserUtil;
import net.sf.jsqlparser.parser.ParseException;
import net.sf.jsqlparser.parser.Token;
import net.sf.jsqlparser.parser.TokenMgrException;
import net.sf.jsqlparser.statement.Statement;
import net.sf.jsqlparser.statement.select.Select;

/** Which tables a SELECT names. */
final class SqlTables {

    private SqlTables() {}

    /**
     * Their names, each once, in the order of the text.
     *
     * @throws PipelineException when it isn't one SELECT
     */
    static List<String> of(SqlText sql) {
        CCJSqlParser parser = CCJSqlParserUtil.newParser(sql.text()).withAllowComplexParsing(true);
        try {
            Statement statement = parser.Statement();
            if (!(statement instanceof Select)) {
                throw sql.complaint("expected a SELECT");
            }
            Set<String> names = new TablesFinder().getTables(statement);
            return names.stream()
                    .sorted(java.util.Comparator.comparingInt(name -> position(sql, name)))
                    .toList();
        } catch (ParseException e) {
            // Postgres says what else is wrong, and it knows more than this parser does.
            Optional<List<String>> read = otherwise(sql);
            if (read.isPresent()) {
                return read.get();
            }
            Token found = e.currentToken == null ? null : e.currentToken.next;
            throw found == null || found.image.isEmpty()
                    ? sql.complaint(sql.text().length(), "the SELECT ends too early")
                    : sql.complaint(found.absoluteBegin - 1, "didn't expect `" + found.image + "` here");
        } catch (TokenMgrException e) {
            throw sql.complaint("not SQL: " + e.getMessage());
        }
    }

    private static Optional<List<String>> otherwise(SqlText sql) {
        try {
            return Optional.of(QueryTables.of(sql.text())).filter(read -> !read.isEmpty());
        } catch (QueryException e) {
            return Optional.empty();
        }
    }

    private static int position(SqlText sql, String name) {
        return sql.text().indexOf(name);
    }
}
