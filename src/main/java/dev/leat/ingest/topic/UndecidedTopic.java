package dev.leat.ingest.topic;

/** A lane can't go on in its log before somebody has chosen how. Says what there is to choose. */
public final class UndecidedTopic extends RuntimeException {

    public UndecidedTopic(String message) {
        super(message);
    }
}
