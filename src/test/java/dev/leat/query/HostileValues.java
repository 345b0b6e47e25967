package dev.leat.query;

import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.table.PgTypes;
import java.util.ArrayList;
import java.util.List;

/** Values that Postgres holds and that clients, JSON or Java have no number, time or text for. By their type. */
public record HostileValues(String type, List<String> literals, List<String> json) {

    public static List<HostileValues> all() {
        return List.of(
                of(
                        "numeric",
                        "NaN",
                        "\"NaN\"",
                        "Infinity",
                        "\"Infinity\"",
                        "-Infinity",
                        "\"-Infinity\"",
                        "1e-9",
                        "\"0.000000001\"",
                        "1e60",
                        "\"1" + "0".repeat(60) + "\""),
                of("numeric(9,2)", "NaN", "\"NaN\"", "0", "\"0.00\""),
                of(
                        "double precision",
                        "NaN",
                        "\"NaN\"",
                        "Infinity",
                        "\"Infinity\"",
                        "-Infinity",
                        "\"-Infinity\"",
                        "1e308",
                        "1.0E308",
                        "4.9e-324",
                        "4.9E-324"),
                of("real", "NaN", "\"NaN\"", "Infinity", "\"Infinity\"", "-Infinity", "\"-Infinity\""),
                of(
                        "bigint",
                        "-9223372036854775808",
                        "-9223372036854775808",
                        "9223372036854775807",
                        "9223372036854775807"),
                of(
                        "date",
                        "infinity",
                        "\"infinity\"",
                        "-infinity",
                        "\"-infinity\"",
                        "0044-03-15 BC",
                        "\"-0043-03-15\"",
                        "4713-11-24 BC",
                        "\"-4712-11-24\"",
                        "5874897-12-31",
                        "\"+5874897-12-31\""),
                of(
                        "timestamptz",
                        "infinity",
                        "\"infinity\"",
                        "-infinity",
                        "\"-infinity\"",
                        "0044-03-15 12:00+00 BC",
                        "\"-0043-03-15T12:00:00Z\"",
                        "294276-12-31 23:59:59.999999+00",
                        "\"+294276-12-31T23:59:59.999999Z\""),
                of(
                        "timestamp",
                        "infinity",
                        "\"infinity\"",
                        "-infinity",
                        "\"-infinity\"",
                        "0044-03-15 12:00 BC",
                        "\"-0043-03-15T12:00\"",
                        "294276-12-31 23:59:59.999999",
                        "\"+294276-12-31T23:59:59.999999\""),
                of(
                        "time",
                        "24:00:00",
                        "\"24:00:00\"",
                        "00:00:00",
                        "\"00:00\"",
                        "23:59:59.999999",
                        "\"23:59:59.999999\""),
                of(
                        "interval",
                        "infinity",
                        "\"infinity\"",
                        "-infinity",
                        "\"-infinity\"",
                        "-1 year -2 days -03:00:00",
                        "\"-1 years -2 days -03:00:00\"",
                        "178000000 years",
                        "\"P2136000000M\""),
                of(
                        "jsonb",
                        "1e400",
                        "1" + "0".repeat(400),
                        "{\"a\": -1e-400}",
                        "{\"a\": -0." + "0".repeat(399) + "1}",
                        "\"\\u0001\"",
                        "\"\\u0001\""),
                of("bytea", "\\x00ff", "\"AP8=\"", "\\x", "\"\""),
                of("text", "", "\"\"", "\u0001\ud83d\ude00", "\"\\u0001\ud83d\ude00\""),
                of("numeric[]", "{NaN,Infinity,NULL,1e-9}", "[\"NaN\",\"Infinity\",null,\"0.000000001\"]"),
                of("double precision[]", "{NaN,-Infinity,NULL}", "[\"NaN\",\"-Infinity\",null]"),
                of("date[]", "{infinity,NULL}", "[\"infinity\",null]"),
                of("timestamptz[]", "{-infinity,NULL}", "[\"-infinity\",null]"),
                of("time[]", "{24:00:00}", "[\"24:00:00\"]"),
                of("interval[]", "{infinity,NULL}", "[\"infinity\",null]"));
    }

    /** @param literalsAndJson each of Postgres, and then as an answer has it */
    private static HostileValues of(String type, String... literalsAndJson) {
        List<String> literals = new ArrayList<>();
        List<String> json = new ArrayList<>();
        for (int i = 0; i < literalsAndJson.length; i += 2) {
            literals.add(literalsAndJson[i]);
            json.add(literalsAndJson[i + 1]);
        }
        return new HostileValues(type, literals, json);
    }

    public ColumnType columnType() {
        return PgTypes.of(formatted()).orElseThrow();
    }

    /** The type as {@code format_type} writes it. */
    private String formatted() {
        return switch (type) {
            case "timestamptz" -> "timestamp with time zone";
            case "timestamptz[]" -> "timestamp with time zone[]";
            case "timestamp" -> "timestamp without time zone";
            case "time" -> "time without time zone";
            case "time[]" -> "time without time zone[]";
            default -> type;
        };
    }
}
