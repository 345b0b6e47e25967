package dev.leat.pipeline.sql;

/** A query has what can't be kept current in any way, or isn't one. */
public final class QueryException extends RuntimeException {

    private final int position;

    /** @param position in the text, in characters from its beginning */
    QueryException(int position, String message) {
        super(message);
        this.position = position;
    }

    public int position() {
        return position;
    }
}
