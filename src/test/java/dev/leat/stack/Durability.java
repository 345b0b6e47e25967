package dev.leat.stack;

/** Whether Postgres may lose committed rows when the machine crashes. */
public enum Durability {
    /** As in production: fsync and synchronous_commit on. */
    DURABLE,
    /** Faster, for tests that need no crash safety; never for a measurement. */
    FAST
}
