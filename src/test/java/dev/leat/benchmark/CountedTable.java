package dev.leat.benchmark;

/**
 * A table that has all when a number that Postgres can be asked for is the topic's number of rides.
 *
 * @param progress is cheap
 * @param proof counts what is there
 */
record CountedTable(Postgres postgres, String progress, String proof, RideTopic topic) implements Sink {

    /** Rows of a minute and a vendor, with how many rides they stand for. */
    static CountedTable minutes(Postgres postgres, String table, RideTopic topic) {
        String sum = "SELECT coalesce(sum(trips), 0) FROM " + table;
        return new CountedTable(postgres, sum, sum, topic);
    }

    @Override
    public long arrived() {
        return postgres.number(progress);
    }

    @Override
    public boolean isRight() {
        return postgres.number(proof) == topic.rows();
    }

    @Override
    public String found() {
        return "%,d of %,d by `%s`".formatted(postgres.number(proof), topic.rows(), proof);
    }
}
