package dev.leat.pipeline;

/**
 * A SELECT with its place in a pipeline file.
 *
 * @param text as Postgres gets to see it
 * @param file the file that has it
 * @param line of the text's first line in the file, from 1
 * @param path to the element, as {@code views.vendor_minute.sql}
 */
public record SqlText(String text, String file, int line, String path) {

    /** Its file and line, as {@code pipeline.yaml:7}. */
    public String at() {
        return file + ":" + line;
    }

    /** A complaint about the whole of it. */
    public PipelineException complaint(String problem) {
        return new PipelineException(file, line, path, problem);
    }

    /**
     * A complaint about one place.
     *
     * @param offset of the place, in characters from the beginning of the text
     */
    public PipelineException complaint(int offset, String problem) {
        int within = Math.clamp(offset, 0, text.length());
        int lines =
                (int) text.substring(0, within).chars().filter(c -> c == '\n').count();
        int column = within - text.lastIndexOf('\n', within - 1);
        return new PipelineException(file, line + lines, path, "column " + column + ": " + problem);
    }
}
