package dev.leat.lake.read;

import dev.leat.lake.manifest.ManifestEntry;
import dev.leat.lake.parquet.FileColumns;
import dev.leat.lake.store.LakeFolder;
import dev.leat.pipeline.Stream;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.RowsBuilder;
import dev.leat.schema.types.Shape;
import dev.leat.schema.types.codec.ValueCodec;
import dev.leat.schema.types.table.TypeTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;

/**
 * Reads the events of one stream and partition that count in the lake, in the order of their offsets. Files of several days
 * overlap in one range of offsets; a file is opened when its first row is next. Not
 * thread-safe; blocks on the disk.
 */
public final class LakeScan implements AutoCloseable {

    private final Stream stream;
    private final int partition;
    private final Shape shape;
    private final ValueCodec[] codecs;
    private final long from;
    private final long to;
    private final LakeFolder folder;

    /** By their first offset. */
    private final Deque<ManifestEntry> waiting;

    private final PriorityQueue<Cursor> open = new PriorityQueue<>(Comparator.comparingLong(c -> c.offset));

    public LakeScan(
            Stream stream,
            int partition,
            Shape shape,
            long from,
            long to,
            LakeFolder folder,
            List<ManifestEntry> files) {
        this.stream = stream;
        this.partition = partition;
        this.shape = shape;
        this.codecs = shape.columns().stream()
                .map(column -> TypeTable.of(column.type()))
                .toArray(ValueCodec[]::new);
        this.from = from;
        this.to = to;
        this.folder = folder;
        this.waiting = new ArrayDeque<>(files);
    }

    /** A file that is being read, at its next row. */
    private final class Cursor {
        final StoredFile file;
        IndexedRecord row;
        long offset;
        int[] fields; // of each column of the shape; -1 where the file has none
        Schema[] schemas; // of these, without null
        int own; // where the file's own columns begin

        Cursor(ManifestEntry entry) throws IOException {
            this.file = new StoredFile(folder.resolve(entry.path()));
        }

        /** @return whether there is a row */
        boolean advance() throws IOException {
            do {
                row = file.next();
                if (row == null) {
                    return false;
                }
                if (fields == null) {
                    locate(row.getSchema());
                }
                offset = (Long) row.get(own + 1);
            } while (offset < from);
            return offset < to;
        }

        private void locate(Schema schema) {
            own = schema.getFields().size() - FileColumns.OWN;
            fields = new int[shape.size()];
            schemas = new Schema[shape.size()];
            for (int i = 0; i < fields.length; i++) {
                Schema.Field field = schema.getField(shape.columns().get(i).name());
                fields[i] = field == null ? -1 : field.pos();
                schemas[i] = field == null ? null : ValueCodec.present(field.schema());
            }
        }

        void addTo(RowsBuilder rows) {
            Object[] values = new Object[fields.length];
            for (int i = 0; i < values.length; i++) {
                Object stored = fields[i] < 0 ? null : row.get(fields[i]);
                if (stored != null) {
                    values[i] = codecs[i].ofStored(stored, schemas[i]);
                }
            }
            rows.add(offset, Math.floorDiv((Long) row.get(own + 2), 1000), (Boolean) row.get(own + 3), values);
        }
    }

    /** The next rows, at most so many; none after the last. */
    public Rows next(int atMost) {
        return next(atMost, to);
    }

    /** All rows below this offset that weren't given yet. */
    public Rows below(long offset) {
        return next(Integer.MAX_VALUE, offset);
    }

    private Rows next(int atMost, long below) {
        RowsBuilder rows = new RowsBuilder(stream, shape, partition);
        try {
            while (rows.size() < atMost) {
                openDue();
                Cursor first = open.peek();
                if (first == null || first.offset >= below) {
                    break;
                }
                open.remove();
                first.addTo(rows);
                if (first.advance()) {
                    open.add(first);
                } else {
                    first.file.close();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The lake can't be read: " + e.getMessage(), e);
        }
        return rows.build();
    }

    /** Opens every file that may have a row before the first known one. */
    private void openDue() throws IOException {
        while (!waiting.isEmpty() && (open.isEmpty() || waiting.peek().firstOffset() <= open.peek().offset)) {
            Cursor cursor = new Cursor(waiting.remove());
            if (cursor.advance()) {
                open.add(cursor);
            } else {
                cursor.file.close();
            }
        }
    }

    @Override
    public void close() {
        for (Cursor cursor : open) {
            try {
                cursor.file.close();
            } catch (IOException e) {
                // It was only read.
            }
        }
        open.clear();
        waiting.clear();
    }
}
