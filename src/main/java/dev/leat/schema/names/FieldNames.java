package dev.leat.schema.names;

import dev.leat.pipeline.Names;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.avro.AvroTypes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Which column each field of a contract goes into, version by version. A version is decided once, by those before it, and
 * never again: so the columns follow from the order of the versions, and not from which a process has met. Immutable.
 *
 * <p>A field goes on in its column, under whatever names its aliases tell that it had. A field that is new gets a column
 * of its own, also where an older field has left one of its name.
 */
public final class FieldNames {

    public static final FieldNames NONE = new FieldNames(List.of());

    /** By the fields that it is about. */
    private final Map<List<String>, Decision> decisions = new LinkedHashMap<>();

    private final Map<String, ColumnType> columns = new HashMap<>(); // as wide as all their fields, by name
    private final Map<String, String> owners = new HashMap<>(); // columns, by the fields that were last called so
    private final Map<String, String> aliased = new HashMap<>(); // columns, by names that only aliases told
    private Map<String, Field> previous = Map.of(); // the newest version's fields, by name

    /** @param column that it goes into */
    public record Field(String name, List<String> aliases, ColumnType type, String column) {}

    /**
     * The fields of one version, in its order.
     *
     * @param late whether a later version was decided before; the fields of that are the previous ones then
     */
    public record Decision(List<Field> fields, boolean late) {

        /** What versions with the same fields share. */
        public List<String> about() {
            return fields.stream()
                    .map(field -> FieldNames.about(field.name(), field.aliases(), field.type()))
                    .toList();
        }
    }

    private FieldNames(Collection<Decision> decided) {
        decided.forEach(this::add);
    }

    private FieldNames(FieldNames names, Map<String, Field> previous) {
        this(names.decisions.values());
        this.owners.putAll(names.owners);
        this.previous = previous;
    }

    /** @param decided in the order in which it was */
    public static FieldNames of(List<Decision> decided) {
        return new FieldNames(decided);
    }

    /** Where nothing was decided, but columns exist: each is the field's of its name. */
    public static FieldNames ofColumns(List<Column> existing) {
        return new FieldNames(List.of(new Decision(
                existing.stream()
                        .map(column -> new Field(column.name(), List.of(), column.type(), column.name()))
                        .toList(),
                false)));
    }

    public boolean isEmpty() {
        return decisions.isEmpty();
    }

    public List<Decision> decisions() {
        return List.copyOf(decisions.values());
    }

    /** The same, where the next version comes after this one: a version may have the fields of an older one again. */
    FieldNames after(Decision before) {
        FieldNames after = new FieldNames(decisions.values());
        after.add(before);
        return after;
    }

    /** The same, where the next version comes after one that isn't fit: fields that it hasn't got any more have ended. */
    FieldNames afterUnfit(List<Leaf> version) {
        Set<String> names = new HashSet<>();
        version.forEach(leaf -> names.add(leaf.name()));
        Map<String, Field> going = new LinkedHashMap<>();
        for (Leaf leaf : version) {
            sameAsBefore(leaf)
                    .or(() -> renamed(leaf, names, alias -> Optional.ofNullable(previous.get(alias))
                            .map(Field::column)))
                    .ifPresent(column ->
                            going.put(leaf.name(), new Field(leaf.name(), leaf.aliases(), type(leaf), column)));
        }
        return new FieldNames(this, going);
    }

    private Optional<String> sameAsBefore(Leaf leaf) {
        return Optional.ofNullable(previous.get(leaf.name())).map(Field::column);
    }

    /** How many versions were decided before this one; all of them where it isn't itself. */
    public int decidedBefore(List<Leaf> version) {
        List<String> about = about(version);
        int before = 0;
        for (List<String> decided : decisions.keySet()) {
            if (decided.equals(about)) {
                return before;
            }
            before++;
        }
        return before;
    }

    /** What is decided of a version; null while nothing is. */
    Decision decision(List<Leaf> version) {
        return decisions.get(about(version));
    }

    /**
     * The same with one more version decided.
     *
     * @throws ContractException when its fields don't say clearly which columns they go into, or one can't be a column
     */
    public FieldNames with(List<Leaf> version) {
        return with(version, false);
    }

    /**
     * The same with a version that wasn't fit when others after it were decided.
     *
     * @throws ContractException when it isn't now
     */
    public FieldNames withLate(List<Leaf> version) {
        return with(version, true);
    }

    FieldNames with(List<Leaf> version, boolean late) {
        if (decision(version) != null) {
            return this;
        }
        List<Decision> all = new ArrayList<>(decisions.values());
        all.add(new Decision(decide(version, late), late));
        return new FieldNames(all);
    }

    /** The columns of a version that is decided, by the names of its fields. */
    public Map<String, String> columnsOf(List<Leaf> version) {
        Map<String, String> named = new HashMap<>();
        decisions.get(about(version)).fields().forEach(field -> named.put(field.name(), field.column()));
        return named;
    }

    private static List<String> about(List<Leaf> version) {
        return version.stream()
                .map(leaf -> about(leaf.name(), leaf.aliases(), type(leaf)))
                .toList();
    }

    private static String about(String name, List<String> aliases, ColumnType type) {
        return name + aliases + type;
    }

    private static ColumnType type(Leaf leaf) {
        return AvroTypes.columnType(leaf.schema());
    }

    private void add(Decision decision) {
        decisions.put(decision.about(), decision);
        Map<String, Field> fields = new LinkedHashMap<>();
        for (Field field : decision.fields()) {
            fields.put(field.name(), field);
            if (decision.late()) {
                owners.putIfAbsent(field.name(), field.column());
            } else {
                owners.put(field.name(), field.column());
            }
            columns.merge(field.column(), field.type(), (there, now) -> there.widenedFor(now)
                    .orElse(there));
            field.aliases().forEach(alias -> aliased.putIfAbsent(alias, field.column()));
        }
        previous = decision.late() ? previous : fields;
    }

    private List<Field> decide(List<Leaf> version, boolean late) {
        Set<String> names = new HashSet<>();
        for (Leaf leaf : version) {
            if (!names.add(leaf.name())) {
                throw new ContractException(
                        "two of its fields would become the column " + leaf.name() + "; rename one");
            }
            if (!late) {
                requireOneField(leaf);
            }
        }
        // The surest first, because two fields never share a column. A field that the version before hadn't goes only
        // into a column that can hold it: it may be another one of the same name.
        Map<String, String> decided = new HashMap<>();
        Set<String> taken = new HashSet<>();
        List<Function<Leaf, Optional<String>>> steps = new ArrayList<>();
        if (!late) { // What an older version calls aliases are no names of newer fields.
            steps.add(this::sameAsBefore);
            steps.add(leaf -> renamed(leaf, names, alias -> Optional.ofNullable(previous.get(alias))
                    .map(Field::column)));
        }
        steps.add(leaf -> Optional.ofNullable(owners.get(leaf.name())).filter(column -> holds(column, leaf)));
        if (!late) {
            steps.add(leaf -> renamed(leaf, names, alias -> Optional.ofNullable(owners.get(alias))
                    .filter(column -> holds(column, leaf))));
        }
        steps.add(leaf -> Optional.ofNullable(aliased.get(leaf.name())).filter(column -> holds(column, leaf)));
        steps.add(leaf -> Optional.of(free(leaf.name(), names, taken)));
        for (Function<Leaf, Optional<String>> step : steps) {
            for (Leaf leaf : version) {
                if (!decided.containsKey(leaf.name())) {
                    step.apply(leaf).filter(taken::add).ifPresent(column -> decided.put(leaf.name(), column));
                }
            }
        }
        return version.stream()
                .map(leaf -> new Field(leaf.name(), leaf.aliases(), type(leaf), fit(decided.get(leaf.name()), leaf)))
                .toList();
    }

    /** An alias that this version brings says that the field is another one; but it has been there itself, beside that. */
    private void requireOneField(Leaf leaf) {
        Field before = previous.get(leaf.name());
        for (String alias : leaf.aliases()) {
            Field other = previous.get(alias);
            if (before != null
                    && other != null
                    && !before.aliases().contains(alias)
                    && !before.column().equals(other.column())) {
                throw new ContractException("field " + leaf.name() + " has the alias " + alias
                        + " now, but the version before has two fields of these names, with other values each; give the"
                        + " renamed field a name that none has had, or leave the alias out");
            }
        }
    }

    private boolean holds(String column, Leaf leaf) {
        return columns.get(column).widenedFor(type(leaf)).isPresent();
    }

    /** A name that another field has now is no alias. */
    private static Optional<String> renamed(Leaf leaf, Set<String> names, Function<String, Optional<String>> column) {
        return leaf.aliases().stream()
                .filter(alias -> !names.contains(alias))
                .flatMap(alias -> column.apply(alias).stream())
                .findFirst();
    }

    /** The field's name, with a number where an older field has left a column of that name. */
    private String free(String name, Set<String> names, Set<String> taken) {
        String free = name;
        for (int number = 2;
                columns.containsKey(free) || taken.contains(free) || !free.equals(name) && names.contains(free);
                number++) {
            free = name + "_" + number;
        }
        return free;
    }

    private static String fit(String column, Leaf leaf) {
        Names.problemOfField(column).ifPresent(problem -> {
            throw new ContractException(
                    "field " + leaf.name() + ": the name of its column, " + column + ", " + problem);
        });
        return column;
    }
}
