package dev.leat.benchmark;

/** What came of a run. */
sealed interface Outcome {

    /**
     * @param rowsPerSecond from the moment at which a quarter of the rows had arrived; of all, from the start of the
     *     process, where they arrived too much at once for that ({@code cold})
     * @param cpuMicros of the contender, for each row of that stretch
     * @param postgresMicros likewise of Postgres
     * @param firstRowSeconds from the start of the process until a row could be seen in the sink
     * @param bytes of files, for each row; 0 where there are none
     */
    record Measured(
            double rowsPerSecond,
            boolean cold,
            double cpuMicros,
            double postgresMicros,
            long peakResidentBytes,
            double firstRowSeconds,
            double bytes)
            implements Outcome {}

    /** The contender doesn't do this. */
    record Skipped(String reason) implements Outcome {}
}
