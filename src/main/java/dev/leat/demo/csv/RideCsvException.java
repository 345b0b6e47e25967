package dev.leat.demo.csv;

import java.nio.file.Path;

/** A CSV file that is not one of rides. Says where and what was expected. */
final class RideCsvException extends RuntimeException {

    private final Path file;
    private final long line;

    /** @param line in the file, from 1 */
    RideCsvException(Path file, long line, String problem) {
        super(file + ":" + line + ": " + problem);
        this.file = file;
        this.line = line;
    }

    Path file() {
        return file;
    }

    long line() {
        return line;
    }
}
