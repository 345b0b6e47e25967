package dev.leat.pipeline;

/** The pipeline can't be run as declared. Says where and what was expected; thrown at start, before anything runs. */
public final class PipelineException extends RuntimeException {

    private final String file;
    private final int line;
    private final String path;

    /**
     * @param line in the file, from 1; 0 when the fault has no line (the file is missing)
     * @param path to the element, as {@code views.rides_latest.latest}; empty for the whole file
     */
    public PipelineException(String file, int line, String path, String problem) {
        super(where(file, line, path) + ": " + problem);
        this.file = file;
        this.line = line;
        this.path = path;
    }

    private static String where(String file, int line, String path) {
        return file + (line > 0 ? ":" + line : "") + (path.isEmpty() ? "" : ": " + path);
    }

    public String file() {
        return file;
    }

    public int line() {
        return line;
    }

    public String path() {
        return path;
    }
}
