package dev.leat.schema.types;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * A list as Postgres reads an array from text. Source: PostgreSQL, "Array Input and Output Syntax". An array of arrays
 * would have to be rectangular, so it goes as text, and is cast.
 */
public final class PgArrayText {

    /** Postgres's own: no sign in front of a long year, and BC behind it all instead of years below 1. */
    private static final DateTimeFormatter DATE = new DateTimeFormatterBuilder()
            .appendValue(ChronoField.YEAR_OF_ERA, 4, 9, SignStyle.NEVER)
            .appendPattern("-MM-dd")
            .toFormatter(Locale.ROOT);

    private PgArrayText() {}

    public static String of(Object list, ColumnType type) {
        StringBuilder text = new StringBuilder("{");
        for (Object element : (List<?>) list) {
            if (text.length() > 1) {
                text.append(',');
            }
            if (element == null) {
                text.append("NULL");
            } else {
                quote(element(element, type.element()), text);
            }
        }
        return text.append('}').toString();
    }

    private static void quote(String element, StringBuilder text) {
        text.append('"');
        for (int i = 0; i < element.length(); i++) {
            char c = element.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\');
            }
            text.append(c);
        }
        text.append('"');
    }

    private static String element(Object value, ColumnType type) {
        return switch (type.kind()) {
            case FLOAT -> Float.toString(((Double) value).floatValue());
            case BYTES -> "\\x" + HexFormat.of().formatHex((byte[]) value);
            case DATE -> dated(PgArrays.date((Long) value), "");
            case TIME -> PgArrays.time((Long) value).toString();
            case TIMESTAMP -> dateTime((Long) value, "Z");
            case LOCAL_TIMESTAMP -> dateTime((Long) value, "");
            case DECIMAL -> PgArrays.decimal(value, type);
            default -> value.toString();
        };
    }

    private static String dateTime(long micros, String zone) {
        LocalDateTime time = PgArrays.timestamp(micros).toLocalDateTime();
        LocalTime ofDay = time.toLocalTime();
        return dated(time.toLocalDate(), " " + ofDay + zone);
    }

    private static String dated(LocalDate date, String time) {
        return DATE.format(date) + time + (date.getYear() < 1 ? " BC" : "");
    }
}
