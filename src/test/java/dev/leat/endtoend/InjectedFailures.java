package dev.leat.endtoend;

import static dev.leat.endtoend.Waits.await;
import static java.util.Map.entry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.leat.endtoend.FailureRow.Trait;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** The faults of {@link FailureScopesIT}, each in a stream of its own, and how each is mended. */
final class InjectedFailures {

    /** Those in which nothing fails. */
    static final List<String> OTHERS = List.of("calm", "quiet");

    private static final int LOCKED_LANES = 20;
    /** Of sixteen transactions, where there are several topics. */
    private static final int LANES_AT_ONCE = 12;

    private static final Map<String, String> STREAMS = Map.ofEntries(
            entry("calm", ""),
            entry("quiet", ""),
            entry("strict", ", on-poison: stop"),
            entry("remote", ", on-poison: stop"),
            entry("passed", ", on-poison: stop"),
            entry("broken", ""),
            entry("slow", ""),
            entry("locked", ""),
            entry("faulty", ""),
            entry("picky", ""),
            entry("evolving", ""),
            entry("typed", ", type: dev.leat.notes.Note"),
            entry("full", ", lake: {roll: {every: 1s}}"),
            entry("outgoing", ""),
            entry("large", ""),
            entry("occupied", ""),
            entry("windowed", ", event-time: _timestamp"),
            entry("late", ""),
            entry("patient", ", event-time: _timestamp"),
            entry("priced", ", event-time: _timestamp"),
            entry("unfit", ""));
    private static final List<String> VIEWS = List.of(
            "picky_words: {sql: \"SELECT to_tsquery('english', text)::text AS query, count(*) AS n FROM picky GROUP BY 1\"}",
            "occupied_counts: {sql: 'SELECT text, count(*) AS n FROM occupied GROUP BY text'}",
            "windows: {sql: \"SELECT tumble('1 second', _time) AS begun, count(*) AS n FROM windowed GROUP BY 1\"}",
            "joined: {wait: 1h, append: true, sql: 'SELECT w.id, p.text FROM patient AS w LEFT JOIN priced_latest AS p"
                    + " ON p.id = w.id'}",
            "emitted: {to-topic: {topic: RUN.emitted}, sql: 'SELECT id, text FROM outgoing'}",
            "sized: {to-topic: {topic: RUN.sized}, sql: 'SELECT id, text FROM large'}");
    /** Kafka creates no topic beside it whose name differs in dots and underscores alone. */
    private static final String IN_THE_WAY = "RUN_emitted";
    /** A contract without the key that the stream declares. */
    private static final String WITHOUT_KEY = note("Note", "{\"name\": \"text\", \"type\": \"string\"}");

    private static final String OTHER_TYPE = note("Memo", "{\"name\": \"id\", \"type\": \"string\"}");
    private static final String NUMBERED =
            note("Note", "{\"name\": \"id\", \"type\": \"string\"}, {\"name\": \"text\", \"type\": \"int\"}");

    private final AtomicInteger notes = new AtomicInteger();
    final ScopedStreams streams;
    private final int numbered;
    private Connection locker;

    InjectedFailures() {
        streams = new ScopedStreams(
                "scopes",
                new ScopedStreams.Declared(
                        STREAMS,
                        Map.of("late", 0, "locked", LOCKED_LANES),
                        VIEWS,
                        Map.of("unfit", WITHOUT_KEY),
                        List.of(IN_THE_WAY, "RUN.sized"),
                        List.of("CREATE SCHEMA views", "CREATE TABLE views.occupied_counts (somebody_elses integer)")));
        numbered = register("numbered", NUMBERED);
    }

    private static String note(String name, String fields) {
        return "{\"type\": \"record\", \"name\": \"" + name + "\", \"namespace\": \"dev.leat.notes\", \"fields\": ["
                + fields + "]}";
    }

    private int register(String subject, String contract) {
        return Framed.register(streams.scenario.stack, streams.scenario.name + "." + subject, contract);
    }

    String note() {
        return "n" + notes.incrementAndGet();
    }

    /** All others take an event each. */
    void flow() {
        OTHERS.forEach(other -> streams.send(other, note(), "flows"));
        OTHERS.forEach(streams::awaitApplied);
    }

    Stream<FailureRow> rows() {
        return Stream.of(ofLanes(), ofViews(), ofStreams(), List.of(lake(), wayOut(), version()))
                .flatMap(List::stream);
    }

    private List<FailureRow> ofLanes() {
        return List.of(
                FailureRow.of("a record that can't be applied, where the stream says stop", "strict")
                        .stopsItsLane()
                        .shows("stopped", "refused", "refused by view strict_log", "resume the lane")
                        .with(Trait.RESTS)
                        .injected(this::poison)
                        .mended(this::takePoison),
                FailureRow.of("a table that somebody has locked", "locked")
                        .stopsItsLane()
                        .shows(
                                "waiting",
                                "outage",
                                "table views.locked_log (view locked_log)",
                                "held by pid ",
                                "idle in transaction")
                        .injected(this::lock)
                        .mended(stream -> close(locker)),
                FailureRow.of("a checkpoint outside of the log", "passed")
                        .stopsItsLane()
                        .shows("stopped", "refused", "retention has removed events", "choose=continue")
                        .with(Trait.RESTS, Trait.IS_RESUMED_BY_MENDING)
                        .injected(this::passRetention)
                        .mended(stream -> streams.leat.post("/api/streams/" + stream + "/topic?choose=continue")),
                FailureRow.of("a defect", "faulty")
                        .stopsItsLane()
                        .shows("resting", "defect", "cannot be")
                        .with(Trait.RESTS)
                        .injected(stream -> {
                            fault("BEFORE UPDATE OF next_offset ON leat.checkpoint", "topic", streams.topic(stream));
                            streams.send(stream, note(), "while it is faulty");
                        })
                        .mended(stream -> sql("DROP TRIGGER fault ON leat.checkpoint")));
    }

    private List<FailureRow> ofViews() {
        return List.of(
                FailureRow.of("a view that can't be applied to", "broken")
                        .stops("view", topic -> "broken_log")
                        .shows(
                                "resting",
                                "defect",
                                "views.broken_log\" does not exist",
                                "its rows lag until it is resumed")
                        .with(Trait.RESTS)
                        .injected(stream -> {
                            sql("ALTER TABLE views.broken_log RENAME TO elsewhere");
                            streams.send(stream, note(), "while it is away");
                        })
                        .mended(stream -> sql("ALTER TABLE views.elsewhere RENAME TO broken_log")),
                FailureRow.of("a view that takes too long for a record", "slow")
                        .stops("view", topic -> "slow_log")
                        .shows(
                                "resting",
                                "defect",
                                "takes too long to apply one record",
                                "its rows lag until it is resumed")
                        .with(Trait.RESTS)
                        .injected(stream -> {
                            sql("CREATE OR REPLACE FUNCTION public.slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                                    + " PERFORM pg_cancel_backend(pg_backend_pid()); PERFORM pg_sleep(60); END $$");
                            sql("CREATE TRIGGER slow BEFORE INSERT ON views.slow_log FOR EACH ROW"
                                    + " EXECUTE FUNCTION public.slow()");
                            streams.send(stream, note(), "while it is slow");
                        })
                        .mended(stream -> sql("DROP TRIGGER slow ON views.slow_log")),
                FailureRow.of("a view in SQL that can't be created", "occupied")
                        .stops("view", topic -> "occupied_counts")
                        .shows("waiting", "unfit", "occupied_counts", "it is tried again by itself")
                        .injected(stream -> {
                            streams.send(stream, note(), "while it isn't there");
                            streams.awaitApplied(stream);
                        })
                        .mended(stream -> {
                            sql("DROP TABLE views.occupied_counts");
                            await("all of history")
                                    .until(() -> streams.scenario.count("SELECT sum(n) FROM views.occupied_counts")
                                            == streams.count(stream));
                        }),
                FailureRow.of("events that wait and can't be released", "patient")
                        .stops("view", topic -> "joined")
                        .shows("waiting", "unfit", "the waiting events of joined can't be released", "cannot be")
                        .injected(stream -> {
                            fault(streams, "BEFORE DELETE ON leat.waiting_event", "OLD.view = 'joined'");
                            streams.send(stream, note(), "while it can't be released");
                            streams.awaitApplied(stream);
                            streams.send("priced", note(), "later than what waits");
                        })
                        .mended(stream -> {
                            sql("DROP TRIGGER fault ON leat.waiting_event");
                            await("it is released")
                                    .until(() -> streams.scenario.count("SELECT count(*) FROM views.joined") == 1);
                        }),
                FailureRow.of("a view that can't be closed", "windowed")
                        .stops("view", topic -> "windows")
                        .shows("waiting", "unfit", "view windows can't be closed", "cannot be")
                        .injected(stream -> {
                            fault("BEFORE INSERT OR UPDATE ON leat.view_close", "view", "windows");
                            streams.send(stream, note(), "an old window");
                            streams.awaitApplied(stream);
                            await("a later window").until(() -> {
                                streams.send(stream, note(), "a new window");
                                return streams.scenario.count("SELECT count(*) FROM views.windows") > 1;
                            });
                        })
                        .mended(stream -> sql("DROP TRIGGER fault ON leat.view_close")));
    }

    private List<FailureRow> ofStreams() {
        return List.of(
                FailureRow.of("a topic that doesn't exist", "late")
                        .stops("stream", topic -> "late")
                        .shows("missing", "missing", "doesn't exist; create it")
                        .mended(streams::createTopic),
                FailureRow.of("a type that no record has", "typed")
                        .stops("stream", topic -> "typed")
                        .shows("missing", "missing", "has type dev.leat.notes.Note", "dev.leat.notes.Memo")
                        .injected(stream -> streams.sendBytes(
                                stream, 0, "m", Framed.bytes(register("memo", OTHER_TYPE), new byte[] {2, 'm'}))),
                FailureRow.of("a contract that doesn't fit", "unfit")
                        .stops("stream", topic -> "unfit")
                        .shows("parked", "unfit", "id")
                        .mended(streams::register));
    }

    private FailureRow version() {
        return FailureRow.of("a version that doesn't fit", "evolving")
                .stops("version", topic -> "evolving/" + numbered)
                .shows("parked", "unfit", "field text is integer, but its column is text", "to make room for it")
                .injected(stream -> {
                    streams.send(stream, note(), "a text");
                    streams.sendBytes(stream, 0, "m", Framed.bytes(numbered, new byte[] {2, 'm', 2}));
                })
                .mended(stream -> streams.leat.send("DELETE", "/api/dead-letters?stream=" + stream));
    }

    /** What the lake has missed meanwhile, it gets from Kafka. */
    private FailureRow lake() {
        return FailureRow.of("a lake that can't be written", "full")
                .stops("lake", topic -> "full-0")
                .shows("waiting", "outage", "the lake of stream 'full' can't be written", "the views go on")
                .injected(stream -> {
                    Path folder = folder(stream);
                    streams.send(stream, note(), "in the lake");
                    await("a file").until(() -> inLake(stream) == 1);
                    files(() -> Files.move(folder, folder.resolveSibling("away")));
                    files(() -> Files.createFile(folder));
                    streams.send(stream, note(), "while there is no folder");
                    streams.awaitApplied(stream);
                })
                .mended(stream -> {
                    Path folder = folder(stream);
                    files(() -> Files.deleteIfExists(folder));
                    files(() -> Files.move(folder.resolveSibling("away"), folder));
                    await("what was missed").until(() -> inLake(stream) == streams.count(stream));
                });
    }

    /** The broker creates a topic that somebody writes to, once nothing is in its way. */
    private FailureRow wayOut() {
        return FailureRow.of("a topic that events can't be sent to", "outgoing")
                .stops("topic", topic -> streams.topic("emitted"))
                .shows("waiting", "missing", "doesn't exist: create it")
                .injected(stream -> streams.send(stream, note(), "while nobody takes it"))
                .mended(stream -> {
                    streams.deleteTopic(IN_THE_WAY.replace("RUN", streams.scenario.name));
                    await("all are sent").until(() -> streams.scenario.count("SELECT count(*) FROM leat.outbox") == 0);
                });
    }

    private Path folder(String stream) {
        return streams.scenario.lake().resolve(stream);
    }

    private long inLake(String stream) {
        return streams.scenario.count("SELECT sum(rows) FROM leat.lake_file WHERE stream = '" + stream + "'");
    }

    /** An event that its log can't take. */
    void poison(String stream) {
        sql("ALTER TABLE views." + stream + "_log ADD CONSTRAINT no CHECK (text <> 'poison')");
        streams.send(stream, note(), "poison");
    }

    void takePoison(String stream) {
        sql("ALTER TABLE views." + stream + "_log DROP CONSTRAINT no");
    }

    /** Twenty lanes wait for it, and leave transactions to the others. */
    private void lock(String stream) {
        locker = streams.session();
        execute(locker, "LOCK TABLE views.locked_log IN ACCESS EXCLUSIVE MODE");
        streams.sendTo(stream, 0, note(), "while it is locked");
        await("the first lane").until(() -> waiting() == 1);
        for (int partition = 1; partition < LOCKED_LANES; partition++) {
            streams.sendTo(stream, partition, note(), "while it is locked");
        }
        await("others have room").during(Duration.ofMillis(500)).until(() -> waiting() == LANES_AT_ONCE);
    }

    private long waiting() {
        return streams.scenario.count(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'views.locked_log'::regclass");
    }

    /** The lane stops at an event, and its log loses that one and the next before somebody resumes it. */
    private void passRetention(String stream) {
        sql("ALTER TABLE views.passed_log ADD CONSTRAINT no CHECK (text <> 'poison')");
        streams.sendUncounted(stream, 0, "lost", "poison");
        streams.sendUncounted(stream, 0, "lost", "with it");
        String lane = streams.topic(stream) + "-0";
        await("it stops").until(() -> {
            JsonNode failure = streams.failure("lane", lane);
            return failure != null && failure.get("rests").asBoolean();
        });
        streams.truncate(stream);
        streams.resume("lane", lane);
    }

    private static void fault(ScopedStreams streams, String trigger, String condition) {
        streams.scenario.execute("CREATE OR REPLACE FUNCTION public.fault() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN RAISE 'cannot be' USING ERRCODE = 'XX000'; END $$");
        streams.scenario.execute("CREATE TRIGGER fault " + trigger + " FOR EACH ROW WHEN (" + condition
                + ") EXECUTE FUNCTION public.fault()");
    }

    private void fault(String trigger, String column, String value) {
        fault(streams, trigger, "NEW." + column + " = '" + value + "'");
    }

    void sql(String statement) {
        streams.scenario.execute(statement);
    }

    private static void execute(Connection session, String statement) {
        try (var prepared = session.createStatement()) {
            prepared.execute(statement);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void close(Connection session) {
        try {
            session.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private interface FileChange {
        void make() throws IOException;
    }

    private static void files(FileChange change) {
        try {
            change.make();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
