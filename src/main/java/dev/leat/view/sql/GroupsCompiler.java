package dev.leat.view.sql;

import dev.leat.postgres.Sql;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.schema.Column;

/** Splits a SELECT with groups or aggregates into its groups and the parts of its aggregates. */
final class GroupsCompiler {

    private final ValidatedSelect validated;
    private final SelectText text;
    private final Map<String, DryRun.FunctionTraits> functions;

    private final LinkedHashMap<String, String> keys = new LinkedHashMap<>();
    private final Map<Object, String> keyByIdentity = new HashMap<>();
    private final List<MergeRule> rules = new ArrayList<>();
    private final Map<Object, Integer> ruleByIdentity = new HashMap<>();
    private final Identities identities;

    private final boolean gathersValues;

    private GroupsCompiler(
            ValidatedSelect validated, Map<String, DryRun.FunctionTraits> functions, boolean gathersValues) {
        this.validated = validated;
        this.text = validated.text();
        this.functions = functions;
        this.gathersValues = gathersValues;
        this.identities = identities();
    }

    /** Of all that a key or an aggregate may be. */
    private Identities identities() {
        Set<TextSpan> aggregates = new LinkedHashSet<>();
        Set<TextSpan> others = new LinkedHashSet<>();
        GroupedBy.of(validated).forEach(group -> group.item()
                .ifPresent(item -> others.add(text.items().get(item).expression())));
        outputs(text).forEach(output -> {
            ExpressionParts parts = ExpressionParts.of(text, output, call -> !isAggregate(functions, call));
            List<TextSpan> found = new ArrayList<>();
            parts.calls().stream()
                    .filter(call -> isAggregate(functions, call))
                    .forEach(call -> found.add(call.place()));
            aggregates.addAll(found);
            parts.columns().forEach(column -> others.add(TextSpan.of(column)));
            parts.calls().stream()
                    .filter(call -> !call.isWindow() && found.stream().noneMatch(call.place()::contains))
                    .forEach(call -> others.add(call.place()));
        });
        return new Identities(validated, aggregates, others);
    }

    /** What is seen of the groups: the items, and the condition of HAVING. */
    private static List<Expression> outputs(SelectText text) {
        List<Expression> outputs = new ArrayList<>();
        text.items().forEach(item -> outputs.add(item.tree().getExpression()));
        Optional.ofNullable(text.select().getHaving()).ifPresent(outputs::add);
        return outputs;
    }

    /** Empty for a SELECT that neither groups nor aggregates. */
    static Optional<Groups> compile(ValidatedSelect validated) {
        return compile(validated, false);
    }

    /** The same for groups that may be merged with each other: all that is kept of one is in its parts. */
    static Optional<Groups> compileForSessions(ValidatedSelect validated) {
        return compile(validated, true);
    }

    private static Optional<Groups> compile(ValidatedSelect validated, boolean gathersValues) {
        SelectText text = validated.text();
        List<Call> calls = new ArrayList<>();
        outputs(text)
                .forEach(output -> calls.addAll(ExpressionParts.of(text, output).calls()));
        Map<String, DryRun.FunctionTraits> functions =
                validated.dryRun().functions(calls.stream().map(Call::name).toList());
        boolean aggregates = calls.stream().anyMatch(c -> isAggregate(functions, c));
        return text.groups().isEmpty() && !aggregates
                ? Optional.empty()
                : Optional.of(new GroupsCompiler(validated, functions, gathersValues).compile());
    }

    private static boolean isAggregate(Map<String, DryRun.FunctionTraits> functions, Call call) {
        return functions.containsKey(call.name()) && functions.get(call.name()).aggregates();
    }

    private Groups compile() {
        findKeys();
        Map<String, String> visible = new LinkedHashMap<>();
        List<SelectText.Item> items = text.items();
        List<String> names = validated.names();
        for (int i = 0; i < items.size(); i++) {
            visible.put(
                    names.get(i),
                    fromState(items.get(i).expression(), items.get(i).tree().getExpression()));
        }
        Optional<String> having =
                text.having().map(span -> fromState(span, text.select().getHaving()));
        Set<String> computed = new HashSet<>();
        for (int i = 0; i < items.size(); i++) {
            if (!isPlain(items.get(i))) {
                computed.add(names.get(i));
            }
        }
        return new Groups(keys, rules, visible, having, computed);
    }

    /** Whether nothing is computed: a group or an aggregate, as it is. */
    private boolean isPlain(SelectText.Item item) {
        TextSpan span = item.expression();
        return keyOf(span) != null
                || ExpressionParts.of(text, item.tree().getExpression()).calls().stream()
                        .anyMatch(call -> isAggregate(functions, call)
                                && text.normal(call.place()).equals(text.normal(span)));
    }

    private void findKeys() {
        List<SelectText.Item> items = text.items();
        List<String> names = validated.names();
        for (GroupedBy group : GroupedBy.of(validated)) {
            int item = group.item().orElseThrow(() -> notSelected(group.place(), names));
            TextSpan expression = items.get(item).expression();
            if (keys.putIfAbsent(names.get(item), validated.edited(expression)) == null) {
                keyByIdentity.put(identities.of(expression), names.get(item));
            }
        }
    }

    private NotMergeable notSelected(TextSpan group, List<String> names) {
        int named = names.indexOf(SelectText.unquoted(text.text(group)));
        String problem = "`" + text.text(group)
                + "` is grouped by but not selected; select it, so that each row can be told from the others";
        return notMergeable(
                group,
                named < 0
                        ? problem
                        : problem + ": Postgres takes the name for the column that is read, and not for `"
                                + text.text(text.items().get(named).expression())
                                + "`; to group by that, write it out or give it another name");
    }

    /** An expression over groups and aggregates, as one over the state. */
    private String fromState(TextSpan span, Expression expression) {
        String key = keyOf(span);
        if (key != null) {
            return Sql.quote(key);
        }
        TextEdits edits = new TextEdits().replaceAll(validated.edits());
        ExpressionParts parts = ExpressionParts.of(
                text, expression, call -> !isAggregate(functions, call) && keyOf(call.place()) == null);
        if (parts.selects()) {
            throw notMergeable(span, "a SELECT beside aggregates can't be kept current; join the view instead");
        }
        for (Call call : parts.calls()) {
            if (keyOf(call.place()) != null) {
                edits.replace(call.place(), Sql.quote(keyOf(call.place())));
            } else if (isAggregate(functions, call)) {
                edits.replace(call.place(), aggregate(call));
            }
        }
        for (Column column : parts.columns()) {
            TextSpan place = TextSpan.of(column);
            String name = keyOf(place);
            if (name == null) {
                throw notMergeable(
                        place,
                        "`" + text.text(place)
                                + "` is outside of what is grouped by; select what is grouped by as it"
                                + " is, and compute with it in a view over this one");
            }
            edits.replace(place, Sql.quote(name));
        }
        return edits.apply(text.source().text(), span);
    }

    private String keyOf(TextSpan place) {
        return keyByIdentity.get(identities.of(place));
    }

    private String aggregate(Call call) {
        // The same call may be sliced in two ways, and then gathers differently.
        Object identity = List.of(
                identities.of(call.place()),
                text.tokens().slice(call.place()).stream().boxed().toList());
        Integer known = ruleByIdentity.get(identity);
        int index = known != null ? known : rules.size();
        if (known == null) {
            rules.add(rule(call));
            ruleByIdentity.put(identity, index);
        }
        Groups soFar = new Groups(keys, rules, Map.of(), Optional.empty(), Set.of());
        return rules.get(index).result().apply(soFar.parts(index, ""));
    }

    private MergeRule rule(Call call) {
        if (call.isDistinct()
                && !List.of("count", "min", "max", "bool_and", "bool_or", "every")
                        .contains(call.name())) {
            throw notMergeable(
                    call.place(),
                    "`" + call.name()
                            + "(DISTINCT …)` would need all values ever seen; group by the value in one view and"
                            + " aggregate that in a view over it");
        }
        Aggregate aggregate = new Aggregate(validated, call);
        return Aggregates.rule(aggregate)
                .map(rule -> gathersValues ? Aggregates.gathered(aggregate, rule) : rule)
                .map(rule -> aggregate.plain().map(rule::of).orElse(rule))
                .orElseThrow(() -> notMergeable(
                        call.place(),
                        "the aggregate `" + call.name()
                                + "` can't be merged from parts; ask for it in a view over a `log`"
                                + " or `latest` view, where Postgres computes it from all rows"));
    }

    private NotMergeable notMergeable(TextSpan place, String problem) {
        return new NotMergeable(text.complaint(place, problem));
    }
}
