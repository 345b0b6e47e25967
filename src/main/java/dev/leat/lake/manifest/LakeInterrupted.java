package dev.leat.lake.manifest;

/**
 * The writer has ended before its time: another instance owns the lane, or files can't be written. Nothing that counts
 * is lost or doubled; close the lane, open it again, and feed it from its checkpoint.
 */
public final class LakeInterrupted extends RuntimeException {

    private final String stream;
    private final int partition;

    public LakeInterrupted(String stream, int partition, String reason, Throwable cause) {
        super("The lake of stream '" + stream + "', partition " + partition + ", is interrupted: " + reason, cause);
        this.stream = stream;
        this.partition = partition;
    }

    public String stream() {
        return stream;
    }

    public int partition() {
        return partition;
    }
}
