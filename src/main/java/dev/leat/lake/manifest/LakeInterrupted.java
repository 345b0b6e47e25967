package dev.leat.lake.manifest;

/**
 * The writer has ended early: another instance owns the lane, or files can't be written. Nothing that counts is lost or
 * duplicated. Close the lane, open it again, and hand over events from its checkpoint.
 */
public final class LakeInterrupted extends RuntimeException {

    private final String stream;
    private final int partition;

    public LakeInterrupted(String stream, int partition, String reason, Throwable cause) {
        super("The lake of stream '" + stream + "', partition " + partition + ", is interrupted: " + reason, cause);
        this.stream = stream;
        this.partition = partition;
    }

    /** Whether nothing failed: another instance owns the lane, or it was closed. */
    public boolean isSuperseded() {
        return getCause() == null;
    }

    public String stream() {
        return stream;
    }

    public int partition() {
        return partition;
    }
}
