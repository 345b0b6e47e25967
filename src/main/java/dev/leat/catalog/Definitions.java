package dev.leat.catalog;

import dev.leat.pipeline.SqlText;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The stored form of a view's definition, and its hash. Any instance can apply batches by a stored definition, whatever its
 * own pipeline says.
 */
public final class Definitions {

    private static final String KIND = "kind";
    private static final String STREAM = "stream";
    private static final String STREAMS = "streams";
    private static final String TRACK = "track";
    private static final String SOFT_DELETE = "soft-delete";
    private static final String REMEMBER_DELETES = "remember-deletes";
    private static final String SQL = "sql";
    private static final String VIEWS = "views";
    private static final String KEY = "key";
    private static final String APPEND = "append";
    private static final String MATERIALIZED = "materialized";
    private static final String GRACE = "grace";
    private static final String RETAIN = "retain";
    private static final String BOUND = "bound";
    private static final String TO_TOPIC = "to-topic";
    private static final String TOPIC = "topic";
    private static final String CONTRACT = "contract";
    private static final String EMIT = "emit";
    private static final String WITH = "with";
    private static final String VERSION = "version";

    private Definitions() {}

    /** All that is needed to create the view again. */
    public static JsonObject write(View view) {
        JsonObject json = new JsonObject().put(KIND, view.kind());
        return switch (view) {
            case View.Latest latest ->
                json.put(STREAM, latest.stream())
                        .put(SOFT_DELETE, latest.softDelete())
                        .put(REMEMBER_DELETES, latest.rememberDeletes().toString());
            case View.Log log -> json.put(STREAM, log.stream());
            case View.History history -> json.put(STREAM, history.stream()).put(TRACK, new JsonArray(history.track()));
            case View.Sql sql -> write(json, sql);
            case View.Fold fold ->
                json.put(STREAMS, new JsonArray(fold.streams()))
                        .put(WITH, fold.with())
                        .put(VERSION, fold.version());
        };
    }

    private static JsonObject write(JsonObject json, View.Sql sql) {
        json.put(SQL, sql.sql().text())
                .put(STREAMS, new JsonArray(sql.streams()))
                .put(VIEWS, new JsonArray(sql.views()))
                .put(KEY, new JsonArray(sql.key()))
                .put(APPEND, sql.append())
                .put(GRACE, sql.grace().toString());
        if (sql.materialized()) {
            json.put(MATERIALIZED, true);
        }
        sql.retain().ifPresent(retain -> json.put(RETAIN, retain.toString()));
        sql.rememberDeletes().ifPresent(remember -> json.put(REMEMBER_DELETES, remember.toString()));
        sql.bound().ifPresent(bound -> json.put(BOUND, bound));
        sql.toTopic().ifPresent(to -> {
            JsonObject target =
                    new JsonObject().put(TOPIC, to.topic()).put(EMIT, to.emit().name());
            to.contract().ifPresent(contract -> target.put(CONTRACT, contract));
            json.put(TO_TOPIC, target);
        });
        return json;
    }

    /** The view of this name that {@link #write} wrote, whatever it was called then. */
    public static View read(String name, JsonObject json) {
        String stream = json.getString(STREAM);
        return switch (json.getString(KIND)) {
            case "latest" ->
                new View.Latest(
                        name, stream, json.getBoolean(SOFT_DELETE), Duration.parse(json.getString(REMEMBER_DELETES)));
            case "log" -> new View.Log(name, stream);
            case "history" -> new View.History(name, stream, strings(json, TRACK));
            case "sql" -> readSql(name, json);
            case "fold" -> new View.Fold(name, strings(json, STREAMS), json.getString(WITH), json.getInteger(VERSION));
            case String other -> throw new IllegalArgumentException("no kind of view is called " + other);
        };
    }

    private static View.Sql readSql(String name, JsonObject json) {
        return new View.Sql(
                name,
                new SqlText(json.getString(SQL), "leat.view", 1, "views." + name + ".sql"),
                strings(json, STREAMS),
                strings(json, VIEWS),
                strings(json, KEY),
                json.getBoolean(APPEND),
                json.getBoolean(MATERIALIZED, false),
                Duration.parse(json.getString(GRACE)),
                Optional.ofNullable(json.getString(RETAIN)).map(Duration::parse),
                Optional.ofNullable(json.getString(REMEMBER_DELETES)).map(Duration::parse),
                Optional.ofNullable(json.getInteger(BOUND)),
                Optional.ofNullable(json.getJsonObject(TO_TOPIC))
                        .map(to -> new View.ToTopic(
                                to.getString(TOPIC),
                                Optional.ofNullable(to.getString(CONTRACT)),
                                View.Emit.valueOf(to.getString(EMIT)))));
    }

    private static List<String> strings(JsonObject json, String name) {
        return json.getJsonArray(name).stream().map(String.class::cast).toList();
    }

    /** The same view by another name. */
    public static View named(String name, View view) {
        return read(name, write(view));
    }

    /**
     * Hash of all that decides which rows a view has. A view whose hash stays the same needs no rebuild.
     *
     * @param streams by their names
     * @param state the columns of a fold's state; null for other views
     */
    public static String hash(View view, Function<String, Stream> streams, JsonArray state) {
        JsonObject decisive = write(view);
        decisive.remove(REMEMBER_DELETES);
        decisive.remove(RETAIN);
        switch (view) {
            case View.Latest latest -> keyed(decisive, streams.apply(latest.stream()));
            case View.History history -> keyed(decisive, streams.apply(history.stream()));
            case View.Log log -> {}
            case View.Sql sql -> {
                decisive.put(SQL, CanonicalSql.of(sql.sql().text())).remove(VIEWS);
                keyed(decisive, sql, streams);
            }
            case View.Fold fold -> {
                keyed(decisive, fold, streams);
                decisive.put("state", state);
            }
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(decisive.encode().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static void keyed(JsonObject decisive, Stream stream) {
        decisive.put(KEY, new JsonArray(stream.key()))
                .put("event-time", stream.eventTime().text().orElse(null));
    }

    private static void keyed(JsonObject decisive, View view, Function<String, Stream> streams) {
        JsonObject keys = new JsonObject();
        for (String name : view.streams()) {
            JsonObject stream = new JsonObject();
            keyed(stream, streams.apply(name));
            keys.put(name, stream);
        }
        decisive.put(STREAMS, keys);
    }
}
