package dev.leat.lake.manifest;

import java.time.LocalDate;

/**
 * A complete file.
 *
 * @param path relative to the lake's location
 * @param day null when the stream isn't partitioned by day, or the rows' time is outside of the calendar
 * @param firstOffset of the file's first row; the offsets between may be in files of other days
 * @param bytes size of the file
 */
public record ManifestEntry(String path, LocalDate day, long firstOffset, long lastOffset, long rows, long bytes) {}
