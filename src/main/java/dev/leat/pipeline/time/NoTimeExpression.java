package dev.leat.pipeline.time;

/** A text is no expression for event time. */
public final class NoTimeExpression extends RuntimeException {

    private final int offset;

    NoTimeExpression(int offset, String problem) {
        super(problem);
        this.offset = offset;
    }

    /** Of the place, in characters from the beginning of the text. */
    public int offset() {
        return offset;
    }
}
