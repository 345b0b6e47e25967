package dev.leat.view.deadletter;

/** Copies dead letters to Kafka in the background, for streams that name a topic. Implemented by whoever writes to Kafka. */
public interface DeadLetterCopier {

    /** Says that there may be something to copy. Never waits; any thread. */
    void wake();
}
