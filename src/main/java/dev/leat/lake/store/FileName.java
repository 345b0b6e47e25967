package dev.leat.lake.store;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Name of a file, from where its range starts and who wrote it. Two owners never share a name, so that one that has been
 * fenced, or stalls for hours, can't replace a file that counts.
 *
 * @param rangeStart the lake's checkpoint when the range was opened
 */
public record FileName(int partition, long rangeStart, long epoch) {

    private static final Pattern NAME =
            Pattern.compile("_?p([0-9]{1,9})-([0-9]{20})-e([0-9]{1,18})\\.parquet(?:\\.tmp)?");

    /** Of the complete file. */
    public String complete() {
        return "p%d-%020d-e%d.parquet".formatted(partition, rangeStart, epoch);
    }

    /** Of the file while it is written; readers of folders pass over it. */
    public String temporary() {
        return "_" + complete() + ".tmp";
    }

    /** Reads either name; empty if the file isn't the lake's. */
    static Optional<FileName> parse(String name) {
        Matcher matcher = NAME.matcher(name);
        return matcher.matches()
                ? Optional.of(new FileName(
                        Integer.parseInt(matcher.group(1)),
                        Long.parseLong(matcher.group(2)),
                        Long.parseLong(matcher.group(3))))
                : Optional.empty();
    }
}
