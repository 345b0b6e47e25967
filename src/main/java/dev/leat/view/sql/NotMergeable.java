package dev.leat.view.sql;

import dev.leat.pipeline.PipelineException;

/** A group's result doesn't follow from the results of parts of its events. Says so to whoever can't do otherwise. */
final class NotMergeable extends RuntimeException {

    private final PipelineException refusal;

    NotMergeable(PipelineException refusal) {
        super(refusal);
        this.refusal = refusal;
    }

    PipelineException refusal() {
        return refusal;
    }
}
