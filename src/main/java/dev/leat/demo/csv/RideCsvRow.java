package dev.leat.demo.csv;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.Function;

/** One line of a CSV file of rides. An empty field is null where that may be, and a fault elsewhere. */
final class RideCsvRow {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private final RideCsvHeader header;
    private final String[] fields;
    private final long line;

    RideCsvRow(RideCsvHeader header, String[] fields, long line) {
        this.header = header;
        this.fields = fields;
        this.line = line;
    }

    int integer(String column) {
        return parse(column, "a whole number", Integer::valueOf);
    }

    Integer integerOrNull(String column) {
        return field(column).isEmpty() ? null : (Integer) integer(column);
    }

    double number(String column) {
        return parse(column, "a number", Double::valueOf);
    }

    Double numberOrNull(String column) {
        return field(column).isEmpty() ? null : (Double) number(column);
    }

    String textOrNull(String column) {
        return field(column).isEmpty() ? null : field(column);
    }

    Instant time(String column) {
        return parse(column, "a time as 2020-07-01 00:25:32", text -> LocalDateTime.parse(text, TIME)
                .toInstant(ZoneOffset.UTC));
    }

    private <T> T parse(String column, String expected, Function<String, T> parser) {
        String text = field(column);
        try {
            return parser.apply(text);
        } catch (RuntimeException e) {
            throw new RideCsvException(
                    header.file(), line, column + ": expected " + expected + ", but it is `" + text + "`");
        }
    }

    private String field(String column) {
        return fields[header.index(column)].strip();
    }
}
