package dev.leat.view.lane;

import dev.leat.schema.RandomContract;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.avro.Schema;

/** Views in SQL over a stream, of the columns that the first version of its contract has. */
final class ChainViews {

    /** Of which any type has. */
    private static final List<String> OF_ANY = List.of("count(%s)", "last(%s)");

    private static final List<String> OF_NUMBERS =
            List.of("sum(%s)", "min(%s)", "max(%s)", "avg(%s)", "count(%s)", "sum(%s * 2)", "max(%s + 1)");

    private static final Set<Schema.Type> NUMBERS =
            Set.of(Schema.Type.INT, Schema.Type.LONG, Schema.Type.FLOAT, Schema.Type.DOUBLE);

    private static final Set<Schema.Type> ORDERED = Set.of(Schema.Type.STRING, Schema.Type.ENUM);

    private final Random random;
    private final boolean hasTime;
    private final List<Kept> all = new ArrayList<>();

    /**
     * One of them.
     *
     * @param name after the stream's
     * @param declaration as the pipeline has it; the stream is called {@code STREAM}
     * @param result what is compared, of the view
     * @param oracle the same of all events, which are called {@code EVENTS}; null where there is none
     */
    record Kept(String name, String declaration, String result, String oracle) {}

    /**
     * @param hasTime whether the stream has event time
     * @param first null where it isn't known
     */
    ChainViews(Random random, boolean hasTime, Schema first) {
        this.random = random;
        this.hasTime = hasTime;
        add("_n", "", "key, count(*) AS n FROM STREAM GROUP BY key");
        if (random.nextBoolean()) {
            add("_all", "append: true, ", "* FROM STREAM", "count(*)", "count(*) FROM EVENTS");
        }
        if (random.nextInt(3) == 0) {
            add(
                    "_looked",
                    "append: true, ",
                    "s.key, o.n FROM STREAM s LEFT JOIN STREAM_n o ON o.key = s.key",
                    "key",
                    "key FROM EVENTS");
        }
        if (random.nextInt(3) == 0) {
            add(
                    "_over",
                    "",
                    "n, count(*) AS k FROM STREAM_n GROUP BY n",
                    "n, k",
                    "n, count(*) AS k FROM (SELECT key, count(*) AS n FROM EVENTS GROUP BY key) x GROUP BY n");
        }
        List<Schema.Field> fields = first == null
                ? List.of()
                : first.getFields().subList(1, first.getFields().size());
        for (Schema.Field field : fields) {
            addOf(field);
        }
    }

    private void addOf(Schema.Field field) {
        Schema type = RandomContract.present(field.schema());
        if (type.getType() == Schema.Type.RECORD) {
            return;
        }
        String column = '"' + field.name() + '"';
        String name = "_" + all.size();
        String aggregate = aggregate(type, column);
        switch (random.nextInt(hasTime ? 5 : 4)) {
            case 0 -> add(name, "", "key, " + aggregate + " AS v FROM STREAM GROUP BY key");
            case 1 -> add(name, "", column + " AS v, count(*) AS n FROM STREAM GROUP BY " + column);
            case 2 ->
                add(
                        name,
                        "",
                        "key, " + column + " AS v FROM STREAM",
                        "key, v",
                        "DISTINCT ON (key) key, " + column + " AS v FROM EVENTS ORDER BY key, _offset DESC");
            case 3 ->
                add(
                        name,
                        "append: true, ",
                        "key, " + column + " AS v FROM STREAM",
                        "key, v",
                        "key, " + column + " AS v FROM EVENTS");
            default ->
                add(
                        name,
                        "",
                        "key, tumble('1 minute', _time) AS w, " + aggregate + " AS v FROM STREAM GROUP BY key, w",
                        "key, v",
                        "key, v FROM (SELECT key, " + aggregate + " AS v FROM EVENTS GROUP BY key) x");
        }
    }

    private String aggregate(Schema type, String column) {
        if (type.getLogicalType() == null && NUMBERS.contains(type.getType())) {
            return random.nextInt(12) == 0
                    ? "sum(" + column + " % 7)" // which there is none of, of a double
                    : OF_NUMBERS.get(random.nextInt(OF_NUMBERS.size())).formatted(column);
        }
        if (ORDERED.contains(type.getType()) && random.nextBoolean()) {
            return "min(" + column + ")";
        }
        return OF_ANY.get(random.nextInt(OF_ANY.size())).formatted(column);
    }

    private void add(String name, String options, String select) {
        add(name, options, select, "*", select.replace("STREAM", "EVENTS"));
    }

    private void add(String name, String options, String select, String result, String oracle) {
        all.add(new Kept(
                name, "{" + options + "sql: '" + ("SELECT " + select).replace("'", "''") + "'}", result, oracle));
    }

    List<Kept> all() {
        return all;
    }
}
