package dev.leat.view.sql;

import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.Vector;
import dev.leat.view.writer.DistinctKeys;

/** The aggregates of one column, a value a group, as Postgres computes them; null for a group without any value. */
final class LocalAggregates {

    private final DistinctKeys groups;
    private final int[] rows;

    LocalAggregates(DistinctKeys groups, int[] rows) {
        this.groups = groups;
        this.rows = rows;
    }

    /** @param vector null: all rows count */
    Long[] count(Vector vector) {
        Long[] result = new Long[groups.size()];
        long[] counts = counts(vector);
        for (int group = 0; group < counts.length; group++) {
            result[group] = counts[group];
        }
        return result;
    }

    private long[] counts(Vector vector) {
        long[] counts = new long[groups.size()];
        for (int i = 0; i < rows.length; i++) {
            if (vector == null || !vector.isNull(rows[i])) {
                counts[groups.at(i)]++;
            }
        }
        return counts;
    }

    /** @throws ArithmeticException when a sum doesn't fit: Postgres knows what to say or do then */
    Object[] sum(Vector vector) {
        return isWhole(vector) ? wholeSum(vector) : floatingSum(vector);
    }

    private Long[] wholeSum(Vector vector) {
        long[] sums = new long[groups.size()];
        for (int i = 0; i < rows.length; i++) {
            if (!vector.isNull(rows[i])) {
                sums[groups.at(i)] = Math.addExact(sums[groups.at(i)], vector.longAt(rows[i]));
            }
        }
        return boxed(sums, counts(vector));
    }

    private Double[] floatingSum(Vector vector) {
        double[] sums = new double[groups.size()];
        for (int i = 0; i < rows.length; i++) {
            if (!vector.isNull(rows[i])) {
                double value = vector.doubleAt(rows[i]);
                double sum = sums[groups.at(i)] + value;
                if (Double.isInfinite(sum) && !Double.isInfinite(value) && !Double.isInfinite(sums[groups.at(i)])) {
                    throw new ArithmeticException("sum out of range");
                }
                sums[groups.at(i)] = sum;
            }
        }
        return boxed(sums, counts(vector));
    }

    Object[] least(Vector vector) {
        return extreme(vector, -1);
    }

    Object[] greatest(Vector vector) {
        return extreme(vector, 1);
    }

    /** To both Java and Postgres NaN is the greatest of all. */
    private Object[] extreme(Vector vector, int sign) {
        boolean whole = isWhole(vector);
        int[] found = new int[groups.size()]; // a row plus one
        for (int i = 0; i < rows.length; i++) {
            int row = rows[i];
            if (!vector.isNull(row)) {
                int best = found[groups.at(i)] - 1;
                if (best < 0
                        || sign
                                        * (whole
                                                ? Long.compare(vector.longAt(row), vector.longAt(best))
                                                : Double.compare(vector.doubleAt(row), vector.doubleAt(best)))
                                > 0) {
                    found[groups.at(i)] = row + 1;
                }
            }
        }
        Object[] result = whole ? new Long[found.length] : new Double[found.length];
        for (int group = 0; group < found.length; group++) {
            result[group] = found[group] == 0 ? null : vector.valueAt(found[group] - 1);
        }
        return result;
    }

    static boolean isWhole(Vector vector) {
        return vector.type().storage() == ColumnType.Storage.LONG;
    }

    private static Long[] boxed(long[] values, long[] counts) {
        Long[] boxed = new Long[values.length];
        for (int i = 0; i < values.length; i++) {
            boxed[i] = counts[i] == 0 ? null : values[i];
        }
        return boxed;
    }

    private static Double[] boxed(double[] values, long[] counts) {
        Double[] boxed = new Double[values.length];
        for (int i = 0; i < values.length; i++) {
            boxed[i] = counts[i] == 0 ? null : values[i];
        }
        return boxed;
    }
}
