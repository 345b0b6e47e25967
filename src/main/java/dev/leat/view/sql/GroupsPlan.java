package dev.leat.view.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A row a group, or a group and window, in one table that all lanes change; distinct values are beside it. */
abstract class GroupsPlan implements Plan {

    final ValidatedSelect validated;
    final Groups groups;
    final SqlStateTable state;
    final List<DistinctValues> distinct;

    GroupsPlan(ValidatedSelect validated, Groups groups, SqlStateTable state, List<DistinctValues> distinct) {
        this.validated = validated;
        this.groups = groups;
        this.state = state;
        this.distinct = distinct;
    }

    /**
     * A table of the groups' keys and the parts of their aggregates.
     *
     * @param name qualified and quoted
     */
    static SqlStateTable table(ValidatedSelect validated, Groups groups, String name) {
        return new SqlStateTable(
                        name, validated.dryRun().definitions(groups.partials(validated.fromWhere())), groups.stateKey())
                .converting(groups.conversions());
    }

    @Override
    public final List<String> key() {
        return groups.stateKey();
    }

    @Override
    public final boolean sharesRows() {
        return true;
    }

    @Override
    public final Optional<SqlStateTable> state() {
        return Optional.of(state);
    }

    @Override
    public final Map<String, Guard> guards() {
        return groups.guards();
    }

    @Override
    public final List<SqlStateTable> companions() {
        return distinct.stream().map(DistinctValues::seen).toList();
    }

    @Override
    public final List<String> mergeStatements(BoundSelect bound) {
        return withDistinct(mergeStatement(bound), bound);
    }

    /** @param counted the SELECT whose distinct values are counted */
    final List<String> withDistinct(String merging, BoundSelect counted) {
        List<String> statements = new ArrayList<>(List.of(merging));
        distinct.forEach(values -> statements.add(values.statement(counted)));
        return statements;
    }
}
