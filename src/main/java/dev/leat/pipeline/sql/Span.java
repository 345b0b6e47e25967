package dev.leat.pipeline.sql;

/**
 * A piece of a SELECT's text.
 *
 * @param begin offset of its first character
 * @param end offset after its last one
 */
public record Span(int begin, int end) {

    public boolean contains(Span other) {
        return begin <= other.begin && other.end <= end;
    }
}
