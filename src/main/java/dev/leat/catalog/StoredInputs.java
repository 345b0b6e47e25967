package dev.leat.catalog;

import dev.leat.postgres.Tx;
import dev.leat.schema.types.Column;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * For which columns a view in SQL is kept, in {@code leat.view.inputs}: those of each stream and view that it reads, by its
 * name. Saved in the transaction that changes the view's state, so that no instance applies a batch by a plan for others.
 */
public final class StoredInputs {

    private static final String SELECT = "SELECT inputs FROM leat.view WHERE name = $1";
    private static final String SAVE =
            "UPDATE leat.view SET inputs = $2 WHERE name = $1 AND inputs IS DISTINCT FROM $2::jsonb";

    private StoredInputs() {}

    /** By the names of streams and views; empty for a view that doesn't exist. */
    public static Map<String, List<Column>> find(Tx tx, String view) {
        Map<String, List<Column>> inputs = new LinkedHashMap<>();
        for (Row row : tx.execute(SELECT, Tuple.of(view))) {
            JsonObject stored = row.getJsonObject("inputs");
            if (stored != null) {
                stored.forEach(input -> inputs.put(input.getKey(), CatalogColumns.read((JsonArray) input.getValue())));
            }
        }
        return inputs;
    }

    public static void save(Tx tx, String view, Map<String, List<Column>> inputs) {
        JsonObject json = new JsonObject();
        inputs.forEach((name, columns) -> json.put(name, CatalogColumns.write(columns)));
        tx.execute(SAVE, Tuple.of(view, json));
    }
}
