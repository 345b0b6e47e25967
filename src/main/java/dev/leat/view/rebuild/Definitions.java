package dev.leat.view.rebuild;

import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;

/**
 * What a view is made by, as it is kept beside its table: any instance can go on with it, whatever its own pipeline says.
 */
public final class Definitions {

    private static final String KIND = "kind";
    private static final String STREAM = "stream";
    private static final String TRACK = "track";
    private static final String SOFT_DELETE = "soft-delete";
    private static final String REMEMBER_DELETES = "remember-deletes";

    private Definitions() {}

    /** All that is needed to make the view again. */
    public static JsonObject write(View.OfStream view) {
        JsonObject json = new JsonObject().put(KIND, view.kind()).put(STREAM, view.stream());
        return switch (view) {
            case View.Latest latest ->
                json.put(SOFT_DELETE, latest.softDelete())
                        .put(REMEMBER_DELETES, latest.rememberDeletes().toString());
            case View.Log log -> json;
            case View.History history -> json.put(TRACK, new JsonArray(history.track()));
        };
    }

    /** The view of this name that {@link #write} wrote, whatever it was called then. */
    public static View.OfStream read(String name, JsonObject json) {
        String stream = json.getString(STREAM);
        return switch (json.getString(KIND)) {
            case "latest" ->
                new View.Latest(
                        name, stream, json.getBoolean(SOFT_DELETE), Duration.parse(json.getString(REMEMBER_DELETES)));
            case "log" -> new View.Log(name, stream);
            case "history" ->
                new View.History(
                        name,
                        stream,
                        json.getJsonArray(TRACK).stream()
                                .map(String.class::cast)
                                .toList());
            case String other -> throw new IllegalArgumentException("no kind of view is called " + other);
        };
    }

    public static View.OfStream named(String name, View.OfStream view) {
        return read(name, write(view));
    }

    /** Of all that decides what rows a view has; two views with the same hash need no rebuild. */
    public static String hash(View.OfStream view, Stream stream) {
        JsonObject decisive = write(view);
        decisive.remove(REMEMBER_DELETES);
        switch (view) {
            case View.Latest ignored ->
                decisive.put("key", new JsonArray(stream.key()))
                        .put("event-time", stream.eventTime().orElse(null));
            case View.History ignored ->
                decisive.put("key", new JsonArray(stream.key()))
                        .put("event-time", stream.eventTime().orElse(null));
            case View.Log log -> {}
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(decisive.encode().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
