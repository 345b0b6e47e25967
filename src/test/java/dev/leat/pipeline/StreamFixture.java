package dev.leat.pipeline;

import dev.leat.pipeline.time.EventTime;
import dev.leat.pipeline.time.TimeExpression;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A stream with the defaults of the file, and what a test says otherwise. */
public final class StreamFixture {

    private final String name;
    private final String topic;
    private Optional<String> type = Optional.empty();
    private List<String> key = List.of();
    private Optional<TimeExpression> eventTime = Optional.empty();
    private Optional<Stream.Lake> lake = Optional.empty();
    private Stream.OnPoison onPoison = Stream.OnPoison.SKIP;
    private Optional<Stream.Deduplicate> deduplicate = Optional.empty();
    private Stream.Nested nested = Stream.Nested.FLAT;

    private Stream.Ids ids = Stream.Ids.DEFAULT;
    private Optional<Stream.KeyFormat> keyFormat = Optional.empty();
    private Stream.Undeclared undeclared = Stream.Undeclared.DEAD_LETTER;
    private Optional<Stream.Unwrap> unwrap = Optional.empty();
    private String unavailableValue = Stream.Decoding.UNAVAILABLE_VALUE;

    public StreamFixture(String name, String topic) {
        this.name = name;
        this.topic = topic;
    }

    public StreamFixture type(String fullName) {
        type = Optional.of(fullName);
        return this;
    }

    public StreamFixture key(String... fields) {
        key = List.of(fields);
        return this;
    }

    public StreamFixture eventTime(String field) {
        return eventTime(TimeExpression.field(field));
    }

    public StreamFixture eventTime(TimeExpression time) {
        eventTime = Optional.of(time);
        return this;
    }

    public StreamFixture lake(Stream.Lake kept) {
        lake = Optional.of(kept);
        return this;
    }

    public StreamFixture onPoison(Stream.OnPoison policy) {
        onPoison = policy;
        return this;
    }

    public StreamFixture deduplicate(Duration within, String... by) {
        deduplicate = Optional.of(new Stream.Deduplicate(List.of(by), within));
        return this;
    }

    public StreamFixture nested(Stream.Nested records) {
        nested = records;
        return this;
    }

    public StreamFixture ids(Stream.Ids.Kind kind, int bytes) {
        ids = new Stream.Ids(kind, bytes);
        return this;
    }

    public StreamFixture keyFormat(Stream.KeyFormat format) {
        keyFormat = Optional.of(format);
        return this;
    }

    public StreamFixture undeclared(Stream.Undeclared policy) {
        undeclared = policy;
        return this;
    }

    public StreamFixture unwrap(Stream.Unwrap envelope) {
        unwrap = Optional.of(envelope);
        return this;
    }

    public StreamFixture unavailableValue(String placeholder) {
        unavailableValue = placeholder;
        return this;
    }

    public Stream build() {
        return new Stream(
                name,
                topic,
                new Stream.From.Earliest(),
                new Stream.Contract(
                        type, Optional.empty(), Optional.empty(), Stream.Subject.TOPIC, Stream.Compatibility.BACKWARD),
                new Stream.Decoding(ids, keyFormat, nested, unwrap, unavailableValue, undeclared),
                key,
                new EventTime(eventTime, Duration.ZERO),
                new Stream.DeadLetters(onPoison, Optional.empty()),
                deduplicate,
                lake);
    }
}
