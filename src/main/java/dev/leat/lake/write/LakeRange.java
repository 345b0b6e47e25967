package dev.leat.lake.write;

import dev.leat.lake.manifest.ManifestEntry;
import dev.leat.lake.manifest.Ownership;
import dev.leat.lake.parquet.Dictionaries;
import dev.leat.lake.parquet.FileColumns;
import dev.leat.lake.parquet.FileFormat;
import dev.leat.lake.store.DayPartition;
import dev.leat.lake.store.FileName;
import dev.leat.lake.store.LakeFolder;
import dev.leat.schema.types.Rows;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The open files of a lane and the range of their events: from the checkpoint up to the last one taken. Closed as a whole. Not
 * thread-safe: for the writer's thread.
 */
public final class LakeRange {

    private final Ownership owner;
    private final long from;
    private final Instant since;
    private final DayPartition days;
    private final LakeFolder folder;
    private final FileFormat format;
    private final Dictionaries dictionaries;
    private final Map<Long, OpenFile> files = new HashMap<>();
    private OpenFile last;
    private long lastDay;

    public LakeRange(
            Ownership owner,
            long from,
            Instant since,
            DayPartition days,
            LakeFolder folder,
            FileFormat format,
            Dictionaries dictionaries) {
        this.owner = owner;
        this.from = from;
        this.since = since;
        this.days = days;
        this.folder = folder;
        this.format = format;
        this.dictionaries = dictionaries;
    }

    /** The checkpoint when the range was opened. */
    long from() {
        return from;
    }

    int partition() {
        return owner.partition();
    }

    /** When its first event was taken, even if that gave no row. */
    Instant since() {
        return since;
    }

    boolean hasFiles() {
        return !files.isEmpty();
    }

    int openFiles() {
        return files.size();
    }

    boolean has(long day) {
        return files.containsKey(day);
    }

    /** Size of the largest file. */
    long size() {
        return files.values().stream().mapToLong(OpenFile::size).max().orElse(0);
    }

    long buffered() {
        return files.values().stream().mapToLong(OpenFile::buffered).sum();
    }

    /**
     * Adds a row to the file of its day.
     *
     * @param columns must be the same for all rows of a range
     * @return how many rows that file has now
     */
    public long write(Rows rows, int row, long day, FileColumns columns) throws IOException {
        if (last == null || day != lastDay) {
            last = fileOf(day, columns);
            lastDay = day;
        }
        last.write(rows, row);
        return last.rows();
    }

    /** Completes all files before it names the first one, so that a full disk leaves temporaries only. */
    public List<ManifestEntry> publish() throws IOException {
        for (OpenFile file : files.values()) {
            file.complete();
        }
        List<ManifestEntry> entries = new ArrayList<>(files.size());
        for (OpenFile file : files.values()) {
            entries.add(file.publish(folder));
        }
        return entries;
    }

    public void abandon() {
        files.values().forEach(OpenFile::abandon);
    }

    private OpenFile fileOf(long day, FileColumns columns) throws IOException {
        OpenFile file = files.get(day);
        if (file == null) {
            Path path = folder.resolve(days.folder(owner.stream(), day));
            folder.prepare(path);
            FileName name = new FileName(owner.partition(), from, owner.epoch());
            file = new OpenFile(path, name, days.date(day), columns, format, dictionaries);
            files.put(day, file);
        }
        return file;
    }
}
