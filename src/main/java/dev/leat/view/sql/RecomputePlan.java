package dev.leat.view.sql;

import dev.leat.postgres.Sql;
import dev.leat.postgres.Tx;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.Rows;
import dev.leat.view.sql.delta.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whatever a SELECT says: the events are kept, and Postgres computes again what they touch, by triggers in the same
 * transaction. The tables that the SELECT reads beside streams are followed the same way, whoever changes them.
 */
final class RecomputePlan implements Plan {

    /** What tells rows apart that have no columns which do. */
    static final Column ROW_ID =
            new Column("_id", ColumnType.of(ColumnType.Kind.STRING), true, "tells the row apart from all others");

    private final List<Column> columns;
    private final List<String> key;
    private final List<Node> nodes;
    private final Map<String, KeptEvents> events;

    /**
     * @param columns what a reader sees
     * @param key of these
     * @param events what is kept of each stream, by its name
     */
    RecomputePlan(List<Column> columns, List<String> key, List<Node> nodes, Map<String, KeptEvents> events) {
        this.columns = columns;
        this.key = key;
        this.nodes = nodes;
        this.events = events;
    }

    /** The events of a stream, in a table of their own. */
    record KeptEvents(SqlStateTable table, BatchRelation batch) {

        static KeptEvents of(String table, BatchRelation batch) {
            LinkedHashMap<String, String> columns = new LinkedHashMap<>();
            batch.columns().forEach(c -> columns.put(c.name(), c.type().postgres()));
            EventColumns.ALL.forEach(c -> columns.put(c.name(), c.type().postgres()));
            return new KeptEvents(
                    new SqlStateTable(
                            table, columns, List.of(EventColumns.PARTITION.name(), EventColumns.OFFSET.name())),
                    batch);
        }

        String insert(Rows rows) {
            String all = Sql.list(List.copyOf(table.columns().keySet()), Sql::quote);
            return "INSERT INTO " + table.name() + " (" + all + ") SELECT " + all + " FROM (" + batch.select(rows)
                    + ") AS _batch";
        }
    }

    private Node last() {
        return nodes.getLast();
    }

    @Override
    public List<Node> nodes() {
        return nodes;
    }

    @Override
    public List<Column> columns() {
        return columns;
    }

    @Override
    public List<String> key() {
        return key;
    }

    @Override
    public boolean sharesRows() {
        return true;
    }

    /**
     * The tables of results that are told apart by other columns now, as those of {@code SELECT DISTINCT *} when the stream has
     * another column: they are made anew out of the events.
     */
    @Override
    public List<SqlStateTable> outdated(Tx tx) {
        return nodes.stream()
                .map(RecomputePlan::table)
                .filter(table -> table.isRekeyed(tx))
                .toList();
    }

    @Override
    public Optional<SqlStateTable> state() {
        return Optional.of(table(last()));
    }

    private static SqlStateTable table(Node node) {
        return new SqlStateTable(node.table(), new LinkedHashMap<>(node.columns()), node.key());
    }

    @Override
    public List<SqlStateTable> companions() {
        List<SqlStateTable> companions = new ArrayList<>();
        nodes.subList(0, nodes.size() - 1).forEach(node -> companions.add(table(node)));
        events.values().forEach(kept -> companions.add(kept.table()));
        return companions;
    }

    @Override
    public Optional<String> visible() {
        List<String> all = new ArrayList<>(
                columns.stream().map(c -> c.equals(ROW_ID) ? rowId() : cast(c)).toList());
        return Optional.of("SELECT " + String.join(", ", all) + " FROM " + last().table());
    }

    private static String cast(Column column) {
        return Sql.quote(column.name()) + "::" + column.type().postgres() + " AS " + Sql.quote(column.name());
    }

    private String rowId() {
        return "md5(ROW(" + Sql.list(last().key(), Sql::quote) + ")::text) AS " + Sql.quote(ROW_ID.name());
    }

    @Override
    public String kept() {
        return "Computed again by Postgres where events touch it, in the events' transaction"
                + (events.isEmpty()
                        ? ": a table that follows the views that it reads."
                        : ", over all events, which are kept.");
    }

    @Override
    public Map<String, String> rules() {
        Map<String, String> rules = new LinkedHashMap<>();
        columns.forEach(column -> rules.put(column.name(), "what the SELECT gives, computed again with its row"));
        return rules;
    }

    @Override
    public List<String> retainedState() {
        List<String> state = new ArrayList<>();
        events.forEach((stream, kept) -> state.add(kept.table().name() + " keeps all events of " + stream));
        nodes.forEach(node -> state.add(node.table() + ": "
                + String.join(
                        "; ", node.methods().stream().map(Node.Method::sentence).toList())));
        return state;
    }

    @Override
    public List<String> statements(Rows rows) {
        return List.of(events.get(rows.stream().name()).insert(rows));
    }

    @Override
    public void applyInTransaction(Tx tx, Rows rows, int[] selected) {
        int[] come = VisibleEvents.withoutDeletes(rows, selected);
        if (come.length > 0) {
            KeptEvents kept = events.get(rows.stream().name());
            tx.submit(kept.insert(rows), kept.batch().parameters(rows, come));
        }
    }
}
