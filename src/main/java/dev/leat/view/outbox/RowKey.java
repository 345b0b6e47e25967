package dev.leat.view.outbox;

import dev.leat.schema.emit.AvroDatum;
import dev.leat.schema.types.Column;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The Kafka key of a row: its key column as text in UTF-8, as a string serializer writes it, so that it is read without a
 * registry; of several columns a JSON object of such texts, in the order of the key. Null for a view without a key.
 */
final class RowKey {

    private final List<Column> columns;
    private final List<Integer> indexes;

    RowKey(List<Column> all, List<String> key) {
        List<String> names = all.stream().map(Column::name).toList();
        this.indexes = key.stream().map(names::indexOf).toList();
        this.columns = indexes.stream().map(all::get).toList();
    }

    byte[] of(Row row) {
        return switch (indexes.size()) {
            case 0 -> null;
            case 1 -> utf8(text(row, 0));
            default -> utf8(json(row).encode());
        };
    }

    private JsonObject json(Row row) {
        JsonObject json = new JsonObject();
        for (int i = 0; i < columns.size(); i++) {
            json.put(columns.get(i).name(), text(row, i));
        }
        return json;
    }

    private String text(Row row, int i) {
        return switch (row.getValue(indexes.get(i))) {
            case null -> null;
            case Buffer bytes -> java.util.Base64.getEncoder().encodeToString(bytes.getBytes());
            case Object value -> AvroDatum.text(value);
        };
    }

    private static byte[] utf8(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }
}
