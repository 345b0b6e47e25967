package dev.leat.view.sql.resolve;

import dev.leat.pipeline.PipelineException;
import dev.leat.pipeline.SqlText;
import dev.leat.view.sql.resolve.SqlScanner.Kind;
import dev.leat.view.sql.resolve.SqlScanner.Token;
import dev.leat.view.sql.resolve.tree.SqlValue;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Refuses a SELECT that may give another result for the same events: when the view is rebuilt, on another instance, or later.
 * Clocks, chance, the session, the catalogue and files are such; what Postgres has resolved tells, wherever in the SELECT it is.
 */
public final class SameEachTime {

    /** Constants that are names of the catalogue's rows. Configurations of text search are named in ordinary SELECTs. */
    private static final Set<String> OF_CATALOGUE = Set.of(
            "regclass",
            "regproc",
            "regprocedure",
            "regoper",
            "regoperator",
            "regtype",
            "regrole",
            "regnamespace",
            "regcollation",
            "regdatabase");

    private static final Set<String> SYSTEM_COLUMNS = Set.of("tableoid", "xmin", "cmin", "xmax", "cmax", "ctid");

    private final SqlText sql;
    private final List<Token> tokens;

    private SameEachTime(SqlText sql) {
        this.sql = sql;
        this.tokens = SqlScanner.tokens(sql.text());
    }

    /**
     * @param resolution of the text
     * @param run of what runs in its place: with {@link CheckedCasts}
     * @throws PipelineException what isn't the same each time, with its place
     */
    public static void require(SqlText sql, Resolution resolution, Resolution run, Resolver resolver) {
        SameEachTime check = new SameEachTime(sql);
        resolution.values().forEach(check::refuse);
        resolution.functions().stream()
                .filter(f -> !AllowedFunctions.contains(f))
                .forEach(check::refuse);
        resolution.relations().forEach(check::check);
        run.conversions().forEach(check::check);
        check.checkConstants(resolution);
        new FoldedClocks(resolver).find(sql.text(), resolution).ifPresent(literal -> {
            throw sql.complaint(
                    literal.begin(),
                    "`" + sql.text().substring(literal.begin(), literal.end())
                            + "` is the clock's time when the view is made, another one when it is rebuilt; use the"
                            + " event's time");
        });
    }

    private void refuse(SqlValue value) {
        String name = value.name().toLowerCase(Locale.ROOT);
        String written = tokens.stream()
                .filter(t -> t.kind() == Kind.NAME && t.value().equals(name))
                .findFirst()
                .map(t -> sql.text().substring(t.begin(), t.end()))
                .orElse(name);
        throw sql.complaint(
                value.isClock()
                        ? written + " is another one each time that it is asked; use the event's time"
                        : written + " is that of Leat's own session, whoever reads the view; leave it out");
    }

    private void refuse(ResolvedFunction function) {
        String problem = "`" + function.name()
                + "` isn't immutable: it may give another result when the view is rebuilt; "
                + (function.isBuiltIn()
                        ? "use the event's own fields"
                        : "if it always gives the same for the same arguments, declare it IMMUTABLE");
        throw complaint(function, problem);
    }

    private PipelineException complaint(ResolvedFunction function, String problem) {
        int place = -1;
        for (int i = 0; i + 1 < tokens.size(); i++) {
            boolean isNamed = tokens.get(i).kind() == Kind.NAME
                    && tokens.get(i).value().equals(function.name())
                    && tokens.get(i + 1).is("(");
            if (isNamed && (place < 0 || arguments(i + 1) == function.argumentCount())) {
                place = tokens.get(i).begin();
                if (arguments(i + 1) == function.argumentCount()) {
                    break;
                }
            }
        }
        return place < 0 ? sql.complaint(problem) : sql.complaint(place, problem);
    }

    /** How many arguments there are after a parenthesis. */
    private int arguments(int open) {
        int depth = 0;
        int commas = 0;
        for (int i = open; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            if (token.is("(") || token.is("[")) {
                depth++;
            } else if (token.is(")") || token.is("]")) {
                if (--depth == 0) {
                    return i == open + 1 ? 0 : commas + 1;
                }
            } else if (depth == 1 && token.is(",")) {
                commas++;
            }
        }
        return commas;
    }

    private void check(UsedRelation relation) {
        if (!relation.isStandIn()) {
            throw complaint(
                    relation.name(), "`" + relation.name() + "` is neither a stream nor a view of this pipeline");
        }
        relation.columns().stream().filter(SYSTEM_COLUMNS::contains).forEach(column -> {
            throw complaint(column, "`" + column + "` is a column of Postgres's own, which no event has; leave it out");
        });
    }

    private void check(TypeConversion conversion) {
        for (ResolvedFunction function : conversion.functions()) {
            if (AllowedFunctions.readsClock(function)) {
                if (!conversion.isChecked()) {
                    throw sql.complaint("a value of type " + conversion.from() + " is cast to " + conversion.to()
                            + ", and `now` or `today` in it would be the clock's time; write to_timestamp(…) or to_date(…)"
                            + " with the format that the text has");
                }
            } else if (!AllowedFunctions.contains(function)) {
                throw sql.complaint("the cast from " + conversion.from() + " to " + conversion.to()
                        + " isn't immutable: it may give another result when the view is rebuilt");
            }
        }
    }

    private void checkConstants(Resolution resolution) {
        resolution.constants().stream()
                .filter(OF_CATALOGUE::contains)
                .findFirst()
                .ifPresent(type -> {
                    throw sql.complaint("a constant of type " + type
                            + " is looked up in Postgres's catalogue, which changes; leave it out");
                });
    }

    private PipelineException complaint(String name, String problem) {
        return tokens.stream()
                .filter(t -> t.kind() == Kind.NAME && t.value().equals(name))
                .findFirst()
                .map(t -> sql.complaint(t.begin(), problem))
                .orElseGet(() -> sql.complaint(problem));
    }
}
