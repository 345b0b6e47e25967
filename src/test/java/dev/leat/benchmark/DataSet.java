package dev.leat.benchmark;

import java.util.stream.IntStream;

/** Which key the i-th ride has. A key is always in the same partition. */
enum DataSet {
    /** Every 50th ride is a later state of one that came some 60,000 rides before; all others are new. */
    NEW_KEYS("new keys") {
        @Override
        int key(int i) {
            return isRepeat(i) ? i - DISTANCE : i;
        }

        @Override
        long keys(int rows) {
            return IntStream.range(0, rows).filter(i -> !isRepeat(i)).count();
        }

        @Override
        boolean isLast(int i, int rows) {
            return i + DISTANCE >= rows || !isRepeat(i + DISTANCE);
        }

        private static boolean isRepeat(int i) {
            return i % 50 == 49 && i >= DISTANCE;
        }
    },
    /** 100,000 keys, each updated again and again, in the same shuffled order. */
    UPDATED_KEYS("updated keys") {
        @Override
        int key(int i) {
            return (int) (i * 7_919L % KEYS);
        }

        @Override
        long keys(int rows) {
            return Math.min(rows, KEYS);
        }

        @Override
        boolean isLast(int i, int rows) {
            return i + KEYS >= rows;
        }
    };

    // a multiple of 24, so of every number of partitions, and none of 50, so that no repeat is repeated
    private static final int DISTANCE = 60_024;
    private static final int KEYS = 100_000;

    final String title;

    DataSet(String title) {
        this.title = title;
    }

    abstract int key(int i);

    /** How many rows a table with one row a key has after that many rides. */
    abstract long keys(int rows);

    /** Whether no later ride of so many has the i-th one's key. */
    abstract boolean isLast(int i, int rows);

    int partition(int i, int partitions) {
        return key(i) % partitions;
    }
}
