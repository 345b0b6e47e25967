package dev.leat.lake.store;

import dev.leat.pipeline.Stream;
import java.time.LocalDate;

/** Which folder a row belongs to: that of its event time's UTC day, or one for all rows. */
public final class DayPartition {

    /** Hive's name for rows without a value of the partition's column; its readers understand it as null. */
    private static final String NO_DAY = "day=__HIVE_DEFAULT_PARTITION__";

    private static final long MICROS = 86_400_000_000L;
    private static final long FIRST = LocalDate.of(1, 1, 1).toEpochDay();
    private static final long LAST = LocalDate.of(9999, 12, 31).toEpochDay();
    private static final long NONE = Long.MIN_VALUE;

    private final boolean byDay;

    public DayPartition(Stream.PartitionBy partitionBy) {
        this.byDay = partitionBy == Stream.PartitionBy.DAY;
    }

    /** Number of the day since 1970; a broken clock's times, outside of the years 1 to 9999, are one day of their own. */
    public long of(long eventTime) {
        if (!byDay) {
            return NONE;
        }
        long day = Math.floorDiv(eventTime, MICROS);
        return day < FIRST || day > LAST ? NONE : day;
    }

    /** Null if the number is no day of the calendar. */
    public LocalDate date(long day) {
        return day == NONE ? null : LocalDate.ofEpochDay(day);
    }

    /** Path of a stream's folder for a day, relative to the lake's location. */
    public String folder(Stream stream, long day) {
        if (!byDay) {
            return stream.name();
        }
        return stream.name() + "/" + (day == NONE ? NO_DAY : "day=" + date(day));
    }
}
