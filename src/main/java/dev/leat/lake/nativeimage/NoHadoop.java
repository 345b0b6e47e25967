package dev.leat.lake.nativeimage;

/** A branch was reached that needs Hadoop. */
final class NoHadoop extends UnsupportedOperationException {
    NoHadoop() {
        super("Parquet asked for Hadoop, which is no part of the native image");
    }
}
