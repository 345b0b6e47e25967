package dev.leat.catalog;

import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** The JSON of columns in {@code leat.view.columns}. */
public final class CatalogColumns {

    private static final String MEMBERS = "members";

    private CatalogColumns() {}

    public static List<Column> read(JsonArray json) {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < json.size(); i++) {
            JsonObject column = json.getJsonObject(i);
            columns.add(new Column(
                    column.getString("name"), type(column), column.getBoolean("required"), column.getString("doc")));
        }
        return List.copyOf(columns);
    }

    public static JsonArray write(List<Column> columns) {
        JsonArray json = new JsonArray();
        for (Column column : columns) {
            json.add(write(column.name(), column.type())
                    .put("required", column.required())
                    .put("doc", column.doc()));
        }
        return json;
    }

    /** The type of a column that {@link #write(String, ColumnType)} wrote. */
    public static ColumnType type(JsonObject json) {
        List<ColumnType.Member> members = new ArrayList<>();
        JsonArray parts = json.getJsonArray(MEMBERS, new JsonArray());
        for (int i = 0; i < parts.size(); i++) {
            JsonObject part = parts.getJsonObject(i);
            members.add(new ColumnType.Member(part.getString("name"), type(part)));
        }
        return new ColumnType(
                ColumnType.Kind.valueOf(json.getString("kind")),
                json.getInteger("precision"),
                json.getInteger("scale"),
                members);
    }

    /** A column's name and type. */
    public static JsonObject write(String name, ColumnType type) {
        JsonObject json = new JsonObject()
                .put("name", name)
                .put("kind", type.kind().name())
                .put("precision", type.precision())
                .put("scale", type.scale());
        if (!type.members().isEmpty()) {
            JsonArray members = new JsonArray();
            type.members().forEach(member -> members.add(write(member.name(), member.type())));
            json.put(MEMBERS, members);
        }
        return json;
    }
}
