package dev.leat.benchmark;

/** What a contender is to do with the topic. */
enum Task {
    LATEST("`latest`: one row a key"),
    LOG("`log`: every event"),
    MINUTE("one-minute aggregate"),
    LAKE("Parquet"),
    ALL("all four at once");

    final String title;

    Task(String title) {
        this.title = title;
    }
}
