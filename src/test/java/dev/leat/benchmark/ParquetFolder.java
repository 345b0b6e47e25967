package dev.leat.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.duckdb.DuckDBDriver;

/** Finished Parquet files, wherever they are in the folder; their rows are counted by DuckDB. */
final class ParquetFolder implements Sink {

    private final Path folder;
    private final RideTopic topic;
    private final Map<Path, Long> rows = new HashMap<>();

    ParquetFolder(Path folder, RideTopic topic) {
        this.folder = folder;
        this.topic = topic;
    }

    @Override
    public long arrived() {
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(ParquetFolder::isFinished).forEach(file -> rows.computeIfAbsent(file, this::rowsIn));
        } catch (NoSuchFileException notYet) {
            return 0;
        } catch (IOException | UncheckedIOException movedMeanwhile) {
            // the next look sees it
        }
        return rows.values().stream().mapToLong(count -> count).sum();
    }

    /** Files in the making have other names, or are in folders that begin with an underscore. */
    private static boolean isFinished(Path file) {
        String name = file.getFileName().toString();
        return (name.endsWith(".parquet") || name.startsWith("part-"))
                && !name.contains("inprogress")
                && !file.toString().contains("/_temporary/");
    }

    /** Null while it has no footer. */
    private Long rowsIn(Path file) {
        try {
            return number("SELECT num_rows FROM parquet_file_metadata('" + file + "')");
        } catch (SQLException halfWritten) {
            return null;
        }
    }

    @Override
    public boolean isRight() {
        return arrived() == topic.rows() && distinct() == topic.rows();
    }

    /** Each ride has a number of its own. */
    private long distinct() {
        String files = String.join(
                ", ", rows.keySet().stream().map(file -> "'" + file + "'").toList());
        try {
            return files.isEmpty()
                    ? 0
                    : number("SELECT count(DISTINCT ride_number) FROM read_parquet([" + files + "])");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long number(String sql) throws SQLException {
        try (Connection connection = new DuckDBDriver().connect("jdbc:duckdb:", new Properties());
                var statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }

    @Override
    public long bytes() {
        return rows.keySet().stream()
                .mapToLong(file -> {
                    try {
                        return Files.size(file);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .sum();
    }

    @Override
    public String found() {
        return "%,d rows, %,d different ones, of %,d in %d files under %s"
                .formatted(arrived(), distinct(), topic.rows(), rows.size(), folder);
    }
}
