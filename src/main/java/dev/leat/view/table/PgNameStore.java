package dev.leat.view.table;

import dev.leat.catalog.CatalogColumns;
import dev.leat.postgres.Transacting;
import dev.leat.postgres.Tx;
import dev.leat.schema.decode.FieldNames;
import dev.leat.schema.decode.NameStore;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** The names of streams' columns in {@code leat.contract_names}, a row for each version that was decided. */
@ApplicationScoped
class PgNameStore implements NameStore {

    private static final String LOCK =
            "SELECT pg_advisory_xact_lock(hashtextextended('leat.contract_names.' || $1, 0))";
    private static final String SELECT = "SELECT fields FROM leat.contract_names WHERE stream = $1 ORDER BY number";
    private static final String INSERT = "INSERT INTO leat.contract_names (stream, number, fields) VALUES ($1, $2, $3)";

    private final Transacting transactions;

    PgNameStore(Transacting transactions) {
        this.transactions = transactions;
    }

    @Override
    public List<FieldNames.Decision> decide(String stream, UnaryOperator<List<FieldNames.Decision>> decide) {
        return transactions.run(tx -> {
            tx.execute(LOCK, Tuple.of(stream));
            List<FieldNames.Decision> before = decided(tx, stream);
            List<FieldNames.Decision> now = decide.apply(before);
            for (int number = before.size(); number < now.size(); number++) {
                tx.execute(INSERT, Tuple.of(stream, number, write(now.get(number))));
            }
            return now;
        });
    }

    private static List<FieldNames.Decision> decided(Tx tx, String stream) {
        List<FieldNames.Decision> decided = new ArrayList<>();
        tx.execute(SELECT, Tuple.of(stream)).forEach(row -> decided.add(read(row.getJsonArray("fields"))));
        return decided;
    }

    private static JsonArray write(FieldNames.Decision decision) {
        JsonArray fields = new JsonArray();
        decision.fields()
                .forEach(field -> fields.add(CatalogColumns.write(field.column(), field.type())
                        .put("field", field.name())
                        .put("aliases", new JsonArray(field.aliases()))));
        return fields;
    }

    private static FieldNames.Decision read(JsonArray fields) {
        return new FieldNames.Decision(fields.stream()
                .map(JsonObject.class::cast)
                .map(field -> new FieldNames.Field(
                        field.getString("field"),
                        field.getJsonArray("aliases").stream()
                                .map(String.class::cast)
                                .toList(),
                        CatalogColumns.type(field),
                        field.getString("name")))
                .toList());
    }
}
