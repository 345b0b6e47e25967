package dev.leat.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PipelineFilesTest {

    @TempDir
    Path folder;

    @Test
    void the_shipped_pipeline_declares_rides_and_zones() {
        // When
        Pipeline pipeline = PipelineFiles.read("classpath:taxi/pipeline.yaml");

        // Then
        Stream rides = pipeline.stream("rides");
        assertThat(rides.topic()).isEqualTo("taxi.rides");
        assertThat(rides.key()).containsExactly("ride_id");
        assertThat(rides.eventTime().field()).contains("pickup_at");
        assertThat(rides.eventTime().lateness()).isEqualTo(Duration.ofMinutes(10));
        assertThat(rides.lake())
                .contains(new Stream.Lake(Stream.PartitionBy.DAY, 1_000_000, 256L << 20, Duration.ofMinutes(5)));
        assertThat(pipeline.topics()).containsExactlyInAnyOrder("taxi.rides", "taxi.zones");
        assertThat(pipeline.views().values())
                .startsWith(
                        new View.Latest("rides_latest", "rides", false, Duration.ofDays(30)),
                        new View.Log("rides_log", "rides"),
                        new View.Latest("zones_latest", "zones", false, Duration.ofDays(30)));
        assertThat(pipeline.views().keySet())
                .containsExactly(
                        "rides_latest", "rides_log", "zones_latest", "zone_minute", "rides_by_zone", "borough_hour");
    }

    @Test
    void a_folder_is_one_pipeline_and_a_view_may_stand_above_its_stream() throws IOException {
        // Given
        Files.writeString(folder.resolve("a.yaml"), "views:\n  v: {log: s}\n");
        Files.writeString(folder.resolve("b.yml"), "streams:\n  s: {topic: t}\n");
        Files.writeString(folder.resolve("notes.txt"), "not yaml: [");

        // When
        Pipeline pipeline = PipelineFiles.read(folder.toString());

        // Then
        assertThat(pipeline.views()).containsKey("v");
        assertThat(pipeline.streams()).containsKey("s");
    }

    @Test
    void a_key_may_have_several_parts() throws IOException {
        assertThat(read("streams:\n  s:\n    topic: t\n    key: [a, b]\n").stream("s")
                        .key())
                .isEqualTo(List.of("a", "b"));
    }

    @Test
    void what_a_stream_says_of_faults_is_read() throws IOException {
        // When
        Pipeline pipeline = read("""
                streams:
                  s:
                    topic: t
                    key: id
                    from: 2026-01-31T08:00:00Z
                    on-poison: park
                    dead-letter-topic: t.dead
                    deduplicate: {by: [id, seq], within: 7d}
                views:
                  v: {latest: s, soft-delete: true}
                  w: {latest: s, remember-deletes: 1h}
                """);

        // Then
        Stream stream = pipeline.stream("s");
        assertThat(stream.from()).isEqualTo(new Stream.From.At(Instant.parse("2026-01-31T08:00:00Z")));
        assertThat(stream.deadLetters().onPoison()).isEqualTo(Stream.OnPoison.PARK);
        assertThat(stream.deadLetters().topic()).contains("t.dead");
        assertThat(stream.deduplicate()).contains(new Stream.Deduplicate(List.of("id", "seq"), Duration.ofDays(7)));
        assertThat(pipeline.views().get("v")).isEqualTo(new View.Latest("v", "s", true, Duration.ofDays(30)));
        assertThat(pipeline.views().get("w")).isEqualTo(new View.Latest("w", "s", false, Duration.ofHours(1)));
    }

    @Test
    void what_a_stream_says_of_its_wire_format_is_read() throws IOException {
        // When
        Pipeline pipeline = read("""
                streams:
                  s: {topic: t, key: id, ids: {kind: global, bytes: 8}, key-format: uuid, type: x.Y, subject: topic-record, undeclared: ignore, unwrap: debezium, unavailable-value: gone}
                  plain: {topic: u}
                  yelps: {topic: v, unwrap: yelp}
                """);

        // Then
        assertThat(pipeline.stream("s").decoding().ids()).isEqualTo(new Stream.Ids(Stream.Ids.Kind.GLOBAL, 8));
        assertThat(pipeline.stream("s").decoding().keyFormat()).contains(Stream.KeyFormat.UUID);
        assertThat(pipeline.stream("plain").decoding().ids()).isEqualTo(new Stream.Ids(Stream.Ids.Kind.CONTENT, 4));
        assertThat(pipeline.stream("plain").decoding().keyFormat()).isEmpty();
        assertThat(pipeline.stream("s").contract().subject()).isEqualTo(Stream.Subject.TOPIC_RECORD);
        assertThat(pipeline.stream("plain").contract().subject()).isEqualTo(Stream.Subject.TOPIC);
        assertThat(pipeline.stream("s").decoding().unwrap()).contains(Stream.Unwrap.DEBEZIUM);
        assertThat(pipeline.stream("s").decoding().unavailableValue()).isEqualTo("gone");
        assertThat(pipeline.stream("plain").decoding().unavailableValue()).isEqualTo("__debezium_unavailable_value");
        assertThat(pipeline.stream("yelps").decoding().unwrap()).contains(Stream.Unwrap.YELP);
        assertThat(pipeline.stream("plain").decoding().unwrap()).isEmpty();
        assertThat(pipeline.stream("s").decoding().undeclared()).isEqualTo(Stream.Undeclared.IGNORE);
        assertThat(pipeline.stream("plain").decoding().undeclared()).isEqualTo(Stream.Undeclared.DEAD_LETTER);
    }

    @Test
    void what_a_stream_says_of_time_is_read() throws IOException {
        // When
        Pipeline pipeline = read("""
                streams:
                  plain: {topic: a, event-time: at, lateness: 5m}
                  counted: {topic: b, event-time: {field: at, unit: ms}}
                  local: {topic: c, event-time: {field: at, zone: Europe/Amsterdam}}
                  kafka: {topic: d, event-time: _timestamp}
                  either: {topic: e, event-time: {sql: "coalesce(at, _timestamp)"}, after: [plain, counted]}
                  none: {topic: e2}
                """);

        // Then
        assertThat(pipeline.streams().values().stream()
                        .map(stream -> stream.eventTime().text().orElse("-")))
                .containsExactly(
                        "at",
                        "to_timestamp(at / 1000)",
                        "at AT TIME ZONE 'Europe/Amsterdam'",
                        "_timestamp",
                        "coalesce(at, _timestamp)",
                        "-");
        assertThat(pipeline.streams().values().stream()
                        .map(stream -> stream.eventTime().column().orElse("-")))
                .containsExactly("at", "at", "_time", "_time", "_time", "-");
        assertThat(pipeline.topicsBefore("e")).containsExactly("a", "b");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            streams: {s: {}}                                   | 1 | streams.s: `topic:` is missing; expected the name of a Kafka topic
            streams: {s: {topic: a b}}                         | 1 | streams.s.topic: `a b` can't name a Kafka topic; expected letters, digits, . _ -
            streams: {s: {topic: t, keys: x}}                  | 1 | streams.s.keys: unknown; expected one of after, compatibility, contract, dead-letter-topic, deduplicate, event-time, from, ids, key, key-contract, key-format, lake, lateness, nested, on-poison, subject, topic, type, unavailable-value, undeclared, unwrap
            streams: {S: {topic: t}}                           | 1 | streams.S: expected a name of small letters, digits and _, starting with a letter, at most 48 long (it names a table and a type)
            streams: {s: {topic: t, lateness: soon}}           | 1 | streams.s.lateness: expected a duration as 500ms, 30s, 10m, 1h or 7d, found `soon`
            streams: {s: {topic: t, key: []}}                  | 1 | streams.s.key: expected a field name, or a list of them, found an empty list
            streams: {s: {topic: t, compatibility: all}}       | 1 | streams.s.compatibility: expected one of backward, backward_transitive, forward, forward_transitive, full, full_transitive, none, found `all`
            streams: {s: {topic: t, lake: {roll: {rows: 0}}}}  | 1 | streams.s.lake.roll.rows: expected a whole number above 0, found `0`
            streams: {s: {topic: t, lake: {roll: {bytes: 9x}}}}| 1 | streams.s.lake.roll.bytes: expected a size in bytes, or as 64MB or 1GB, found `9x`
            streams: {s: {topic: t, from: now}}                | 1 | streams.s.from: expected earliest, latest or a timestamp as 2026-01-31T08:00:00Z, found `now`
            streams: {s: {topic: t, on-poison: die}}           | 1 | streams.s.on-poison: expected one of skip, park, stop, found `die`
            streams: {s: {topic: t, deduplicate: {by: id}}}    | 1 | streams.s.deduplicate: `within:` is missing; expected as {by: event_id, within: 7d}
            streams: {s: {topic: t, deduplicate: {by: id, within: 0s}}} | 1 | streams.s.deduplicate.within: expected more than 0s and at most 365d
            streams: {s: {topic: t}, r: {topic: t, from: latest}} | 1 | streams.r: `from:` differs from that of stream `s`; streams of one topic begin at the same place
            streams: {s: {topic: t}, r: {topic: t, ids: {kind: global}}} | 1 | streams.r: `ids:` differs from that of stream `s`; streams of one topic have the same kind of ids
            streams: {s: {topic: t, ids: {kind: local}}}       | 1 | streams.s.ids.kind: expected one of content, global, found `local`
            streams: {s: {topic: t, ids: {bytes: 5}}}          | 1 | streams.s.ids.bytes: expected 4 or 8, found `5`
            streams: {s: {topic: t, key: id, key-format: xml}} | 1 | streams.s.key-format: expected one of avro, string, long, int, uuid, bytes, found `xml`
            streams: {s: {topic: t, key-format: long}}         | 1 | streams.s.key-format: a stream without `key:` has no deletes whose key could be read; declare `key:`, or leave this out
            streams: {s: {topic: t, key: [a, b], key-format: long}} | 1 | streams.s.key-format: only `avro` has room for a key of several fields; write `key-format: avro`
            streams: {r: {topic: u}, s: {topic: t, after: [r, r]}} | 1 | streams.s.after: `r` is named twice; keep one
            streams: {s: {topic: t, undeclared: drop}}         | 1 | streams.s.undeclared: expected one of dead-letter, ignore, stop, found `drop`
            streams: {s: {topic: t}, r: {topic: t, undeclared: ignore}} | 1 | streams.r: `undeclared:` differs from that of stream `s`; streams of one topic do the same with what none of them declares
            streams: {s: {topic: t}, r: {topic: t}}              | 1 | streams.r: nothing says which records of topic t are this stream's and which are stream `s`'s; name the record type of each by `type:`. Of the same records there is one stream
            streams: {s: {topic: t, type: a.B}, r: {topic: t, type: a.B}} | 1 | streams.r: stream `s` of the same topic has the record type a.B too, and an event belongs to one stream; declare one of the two. A SELECT can join a stream with itself, and a view in SQL can have another key
            streams: {s: {topic: t, unwrap: yelp}, r: {topic: t}} | 1 | streams.r: `unwrap:` differs from that of stream `s`; streams of one topic are all in Yelp's envelope, or none of them
            streams: {s: {topic: t, subject: value}}           | 1 | streams.s.subject: expected one of topic, record, topic-record, found `value`
            streams: {s: {topic: t, subject: record}}          | 1 | streams.s.subject: a subject that is named for a record type needs `type:` or `contract:`
            streams: {s: {topic: t, unwrap: gift}}             | 1 | streams.s.unwrap: expected one of debezium, yelp, found `gift`
            streams: {s: {topic: t, unavailable-value: x}}     | 1 | streams.s.unavailable-value: only a stream with `unwrap: debezium` has unavailable values; leave this out
            streams: {s: {topic: t, key: [f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, f10, f11, f12, f13, f14, f15, f16, f17, f18, f19, f20, f21, f22, f23, f24, f25, f26, f27, f28, f29]}}     | 1 | streams.s.key: expected at most 29 fields, because an index of Postgres has at most 32 columns
            streams: {s: {topic: t, key: [id, ctid]}}          | 1 | streams.s.key: `ctid` is the name of a column that every table in Postgres has itself; no field of a contract is read under it
            streams: {s: {topic: t, key: _event_time}}         | 1 | streams.s.key: `_event_time` has the name of a column of Leat's own beside deleted keys; no field of a contract is read under it
            streams: {s: {topic: t, key: a2345678901234567890123456789012345678901234567890123456789012_4}} | 1 | streams.s.key: `a2345678901234567890123456789012345678901234567890123456789012_4` has 64 bytes, and a name in Postgres has at most 63; no field of a contract is read under it
            streams: {s: {topic: t, deduplicate: {by: _offset, within: 1d}}} | 1 | streams.s.deduplicate.by: `_offset` has the name of a column of Leat's own; no field of a contract is read under it
            streams: {s: {topic: t, unwrap: debezium, unavailable-value: "hex:0"}} | 1 | streams.s.unavailable-value: `hex:0` is no placeholder; expected a text, or `hex:` and the digits of bytes that aren't zero
            streams: {s: {topic: t, event-time: _time}}        | 1 | streams.s.event-time: `_time` has the name of a column of Leat's own; no field of a contract is read under it
            streams: {s: {topic: t, event-time: {field: xmin, unit: ms}}} | 1 | streams.s.event-time: `xmin` is the name of a column that every table in Postgres has itself; no field of a contract is read under it
            streams: {s: {topic: t, event-time: a.b}}          | 1 | streams.s.event-time: a field within a record is a column, whose name is joined with _; write `a_b`
            streams: {s: {topic: t, event-time: lower(at)}}    | 1 | streams.s.event-time: `lower(at)` is no name; an expression is written as {sql: "…"}
            streams: {s: {topic: t, event-time: {unit: ms}}}   | 1 | streams.s.event-time: `field:` is missing; expected the name of a field, _timestamp, or as {field: at, unit: ms}, {field: at, zone: Europe/Amsterdam} or {sql: "coalesce(at, created_at)"}
            streams: {s: {topic: t, event-time: {field: at, unit: m}}} | 1 | streams.s.event-time.unit: expected one of s, ms, us, ns, found `m`
            streams: {s: {topic: t, event-time: {field: at, zone: Mars}}} | 1 | streams.s.event-time.zone: `Mars` is no time zone; write its name, as Europe/Amsterdam
            streams: {s: {topic: t, event-time: {field: at, unit: ms, zone: UTC}}} | 1 | streams.s.event-time: `unit:` is for whole numbers, which count from an instant, and `zone:` for dates and times without a zone; leave one out
            streams: {s: {topic: t, event-time: {field: _timestamp, unit: ms}}} | 1 | streams.s.event-time: _timestamp has neither a unit nor a zone; leave both out
            streams: {s: {topic: t, event-time: {field: at, sql: at}}} | 1 | streams.s.event-time: `sql:` says all; leave the others out
            streams: {s: {topic: t, event-time: {format: iso}}} | 1 | streams.s.event-time.format: unknown; expected one of field, sql, unit, zone
            streams: {s: {topic: t, event-time: {sql: "now()"}}} | 1 | streams.s.event-time.sql: column 1: didn't expect `now` here; possible are a field, _timestamp, to_timestamp(field / 1000), field AT TIME ZONE 'Europe/Amsterdam', coalesce(…, …) of these, and + or - interval '…' after them
            streams: {s: {topic: t, after: r}}                 | 1 | streams.s.after: there is no stream `r`; declared are s
            streams: {s: {topic: t, type: a.A, after: r}, r: {topic: t, type: a.B}} | 1 | streams.s.after: stream `r` is of the same topic, whose events have one order; name a stream of another topic
            streams: {s: {topic: t, after: r}, r: {topic: u, after: q}, q: {topic: v, after: s}} | 1 | streams.s.after: stream `r` itself is read after topic t: each would wait for the other; leave one `after:` out
            streams: {s: {topic: t, after: s}}                 | 1 | streams.s.after: stream `s` is of the same topic, whose events have one order; name a stream of another topic
            streams: [s]                                       | 1 | streams: expected a mapping of stream names, found a list
            tables: {}                                         | 1 | tables: unknown; expected one of streams, views
            """)
    void a_wrong_stream_is_refused_with_its_place(String yaml, int line, String message) {
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOf(PipelineException.class)
                .hasMessage(message(line, message));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            v: {latest: rides}      | views.v.latest: there is no stream `rides`; declared are s, k
            v: {latest: s}          | views.v.latest: one row a key needs a key: declare `key:` on stream `s`, or make this a `log` view
            v: {latest: k, log: k}  | views.v: expected exactly one of fold, history, latest, log, sql
            v: {last: k}            | views.v.last: unknown; expected one of append, bound, fold, grace, history, key, latest, log, materialized, remember-deletes, retain, soft-delete, sql, to-topic, track, wait, with
            v: {log: k, soft-delete: true} | views.v.soft-delete: only a `latest` view has it; leave it out
            v: {history: k, track: [a, _timestamp]} | views.v.track: `_timestamp` has the name of a column of Leat's own; no field of a contract is read under it
            v: {latest: k, soft-delete: 1} | views.v.soft-delete: expected true or false, found `1`
            v: {latest: k, soft-delete: true, remember-deletes: 1h} | views.v.remember-deletes: beside `soft-delete:` the rows of deleted keys stay, so that deletes needn't be remembered; leave it out
            v: {history: k, track: [a, id]} | views.v.track: field `id` is of the key, and no key's changes; leave it out
            v: {sql: SELECT id FROM k, key: [id, id]} | views.v.key: `id` is named twice; keep one
            v: {fold: [k, rides], with: F} | views.v.fold: there is no stream `rides`; declared are s, k
            v: {fold: [k, s], with: F} | views.v.fold: a state is one row a key: declare `key:` on stream `s`
            v: {fold: [k, k], with: F} | views.v.fold: a stream is named twice; keep one
            v: {fold: k}            | views.v.fold: `with:` is missing beside it; expected the name of a fold's class or bean
            v: {latest: k, with: F} | views.v.with: only a `fold` view has it; leave it out
            v: {log: }              | views.v.log: expected the name of a stream, found nothing
            v: k                    | views.v: expected how the view is derived, found `k`
            """)
    void a_wrong_view_is_refused_with_its_place(String view, String message) {
        assertThatThrownBy(() -> read("streams:\n  s: {topic: t}\n  k: {topic: u, key: id}\nviews:\n  " + view + "\n"))
                .isInstanceOf(PipelineException.class)
                .hasMessage(message(5, message));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            SELECT o.id FROM o | the SELECT joins no view, so that there is nothing to wait for; join one, or leave it out
            SELECT o.id FROM o JOIN p ON p.id = o.id | events of two streams wait for each other as long as the join's bound says; leave it out, or join the one stream with a view of the other
            SELECT id FROM p_now | a view that only reads views keeps nothing of its own: it has no use for this; leave it out
            SELECT o.id FROM o JOIN plain_now p ON p.id = o.id | stream `plain`, which view `plain_now` is derived from, has no `event-time:`, and an event waits until the streams that it is joined with have come as far in event time; declare it there
            SELECT o.id FROM o JOIN through p ON p.id = o.id | stream `plain`, which view `plain_now` is derived from, has no `event-time:`, and an event waits until the streams that it is joined with have come as far in event time; declare it there
            SELECT o.id FROM plain o JOIN p_now p ON p.id = o.id | stream `plain` has no `event-time:`, and an event waits until the streams that it is joined with have come as far in event time; declare it there
            SELECT o.id FROM o JOIN waiting w ON w.id = o.id | view `waiting`, which it reads, waits itself, and nothing says how far it has come; join what that one is derived from, or leave one `wait:` out
            """)
    void an_event_that_has_nothing_to_wait_for_is_refused_with_its_place(String sql, String message) {
        assertThatThrownBy(() -> read("""
                streams:
                  o: {topic: o, key: id, event-time: at}
                  p: {topic: p, key: id, event-time: at}
                  plain: {topic: plain, key: id}
                views:
                  p_now: {latest: p}
                  plain_now: {latest: plain}
                  through: {sql: SELECT * FROM plain_now}
                  waiting: {wait: 1m, sql: SELECT o.id FROM o JOIN p_now p ON p.id = o.id}
                  v:
                    sql: %s
                    wait: 5m
                """.formatted(sql)))
                .isInstanceOf(PipelineException.class)
                .hasMessage(message(12, "views.v.wait: " + message));
    }

    @Test
    void a_name_that_stands_twice_is_refused() {
        assertThatThrownBy(() -> read("streams:\n  s: {topic: t}\n  s: {topic: u}\n"))
                .hasMessage(message(3, "streams.s: stands twice; keep one"));
    }

    @Test
    void broken_yaml_is_refused_with_its_line() {
        assertThatThrownBy(() -> read("streams:\n  s: {topic: t\nviews: {}\n"))
                .isInstanceOf(PipelineException.class)
                .hasMessageContaining("pipeline.yaml:3: not valid YAML");
    }

    @Test
    void an_empty_file_is_refused() {
        assertThatThrownBy(() -> read("# nothing\n"))
                .hasMessage(file() + ":1: the file is empty; expected `streams:` and `views:`");
    }

    @Test
    void a_missing_file_is_refused_by_name() {
        assertThatThrownBy(() -> PipelineFiles.read(folder.resolve("none.yaml").toString()))
                .hasMessage(folder.resolve("none.yaml")
                        + ": there is no such file; `leat.pipeline` names a file or a folder");
    }

    private Pipeline read(String yaml) throws IOException {
        Files.writeString(file(), yaml);
        return PipelineFiles.read(file().toString());
    }

    private Path file() {
        return folder.resolve("pipeline.yaml");
    }

    private String message(int line, String rest) {
        return file() + ":" + line + ": " + rest;
    }
}
