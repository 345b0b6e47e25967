package dev.leat.lake.store;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/** A file that Parquet writes to without Hadoop's file systems. Once closed in order, its bytes are on the disk. */
public final class FileTarget extends PositionOutputStream implements OutputFile {

    private static final int BUFFER = 128 << 10;

    private final Path path;
    private final FileOutputStream file;
    private final OutputStream buffered;

    // Both of the writer's thread alone.
    private long position;
    private boolean closed;

    public FileTarget(Path path) throws IOException {
        this.path = path;
        this.file = new FileOutputStream(path.toFile());
        this.buffered = new BufferedOutputStream(file, BUFFER);
    }

    @Override
    public long getPos() {
        return position;
    }

    @Override
    public void write(int value) throws IOException {
        buffered.write(value);
        position++;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        buffered.write(bytes, from, length);
        position += length;
    }

    @Override
    public void flush() throws IOException {
        buffered.flush();
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (file) {
            buffered.flush();
            file.getFD().sync();
        }
    }

    /** Closes the file without completing it. */
    public void abandon() throws IOException {
        closed = true;
        file.close();
    }

    @Override
    public PositionOutputStream create(long blockSize) {
        return this;
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSize) {
        return this;
    }

    @Override
    public boolean supportsBlockSize() {
        return false;
    }

    @Override
    public long defaultBlockSize() {
        return 0;
    }

    @Override
    public String getPath() {
        return path.toString();
    }
}
