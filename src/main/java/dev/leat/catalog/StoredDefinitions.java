package dev.leat.catalog;

import dev.leat.pipeline.View;
import dev.leat.postgres.Tx;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The definitions that are stored in {@code leat.view}, whichever instance has created the views. */
public final class StoredDefinitions {

    private static final String SELECT_ALL = """
            SELECT name, definition FROM leat.view
            WHERE kind = $1 AND definition IS NOT NULL AND left_at IS NULL ORDER BY name""";
    private static final String SELECT_ONE =
            "SELECT name, kind, definition, definition_hash FROM leat.view WHERE name = $1";
    private static final String SAVE_DEFINITION =
            "UPDATE leat.view SET definition = $2, definition_hash = $3 WHERE name = $1";
    // Its rebuild creates it.
    private static final String SELECT_REBUILD = "SELECT 1 FROM leat.rebuild WHERE view = $1";
    private static final String SELECT_RESTING =
            "SELECT 1 FROM leat.rebuild WHERE view = $1 AND builds = $1 AND state = 'PAUSED'";
    private static final String SELECT_LEFT = "SELECT 1 FROM leat.view WHERE name = $1 AND left_at IS NOT NULL";
    private static final String SELECT_UP_TO_DATE = """
            SELECT 1 FROM leat.view AS v WHERE v.name = $1 AND v.becomes IS NULL AND v.definition = $2
              AND NOT EXISTS (SELECT FROM leat.view_lane AS l WHERE l.view = v.name)""";

    private static final String SELECT_LIVE = """
            SELECT 1 FROM leat.view AS v WHERE v.name = ANY ($1) AND v.becomes IS NULL AND v.left_at IS NULL
              AND NOT EXISTS (SELECT FROM leat.view_lane AS l WHERE l.view = v.name)""";

    private StoredDefinitions() {}

    /**
     * A row of the catalogue.
     *
     * @param view empty for one that only reads other views: nothing is kept for it
     * @param hash null there
     */
    public record Entry(String kind, Optional<View> view, String hash) {}

    /** Those of a kind, by name. */
    public static Map<String, View> all(Tx tx, String kind) {
        Map<String, View> all = new LinkedHashMap<>();
        for (Row row : tx.execute(SELECT_ALL, Tuple.of(kind))) {
            String name = row.getString("name");
            all.put(name, Definitions.read(name, row.getJsonObject("definition")));
        }
        return all;
    }

    public static Optional<Entry> find(Tx tx, String name) {
        for (Row row : tx.execute(SELECT_ONE, Tuple.of(name))) {
            JsonObject definition = row.getJsonObject("definition");
            return Optional.of(new Entry(
                    row.getString("kind"),
                    Optional.ofNullable(definition).map(d -> Definitions.read(name, d)),
                    row.getString("definition_hash")));
        }
        return Optional.empty();
    }

    /** Whether this very definition is stored for the view. */
    public static boolean isBy(Tx tx, View view) {
        JsonObject definition = Definitions.write(view);
        return find(tx, view.name())
                .flatMap(Entry::view)
                .map(there -> Definitions.write(there).equals(definition))
                .orElse(false);
    }

    public static void saveDefinition(Tx tx, View view, String hash) {
        tx.execute(SAVE_DEFINITION, Tuple.of(view.name(), Definitions.write(view), hash));
    }

    /** Whether the instance that started last doesn't declare the view. */
    public static boolean isLeft(Tx tx, String view) {
        return tx.execute(SELECT_LEFT, Tuple.of(view)).rowCount() > 0;
    }

    public static boolean isRebuilt(Tx tx, String view) {
        return tx.execute(SELECT_REBUILD, Tuple.of(view)).rowCount() > 0;
    }

    /** Whether no lane applies anything to the view before it is resumed. */
    public static boolean rests(Tx tx, String view) {
        return tx.execute(SELECT_RESTING, Tuple.of(view)).rowCount() > 0;
    }

    /** Whether readers see all of these views, and each is live on all lanes. */
    public static boolean areLive(Tx tx, Set<String> views) {
        return tx.execute(SELECT_LIVE, Tuple.tuple().addValue(views.toArray(String[]::new)))
                        .rowCount()
                == views.size();
    }

    /** Whether readers see the view, by this definition, and it is live on all lanes. */
    public static boolean isUpToDate(Tx tx, View view) {
        return tx.execute(SELECT_UP_TO_DATE, Tuple.of(view.name(), Definitions.write(view)))
                        .rowCount()
                > 0;
    }
}
