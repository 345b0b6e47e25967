package dev.leat.view.sql.resolve;

import dev.leat.view.sql.resolve.ResolvedFunction.Volatility;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The stable functions of Postgres that a view may call: those that were looked at, and that give the same result for the same
 * arguments whenever they are called, because what they depend on besides is the same in all of Leat's sessions. The list is
 * closed: a stable function that isn't here is refused, and so is each that reads the clock, chance, the session, the catalogue
 * or a file.
 *
 * <p>A few read the clock though they look harmless, and are missing on purpose: {@code age(timestamptz)}, {@code timetz(time)}
 * and {@code timezone(text, timetz)}, which ask whether it is summer now.
 */
final class AllowedFunctions {

    /** They go by the session's time zone. */
    private static final Set<String> TIME_ZONE = Set.of(
            "date(timestamp with time zone)",
            "time(timestamp with time zone)",
            "timetz(timestamp with time zone)",
            "timestamp(timestamp with time zone)",
            "timestamptz(date)",
            "timestamptz(date, time without time zone)",
            "timestamptz(timestamp without time zone)",
            "timezone(timestamp with time zone)",
            "timezone(timestamp without time zone)",
            "extract(text, timestamp with time zone)",
            "date_part(text, timestamp with time zone)",
            "date_trunc(text, timestamp with time zone)",
            "date_trunc(text, timestamp with time zone, text)", // to Postgres 15
            "date_add(timestamp with time zone, interval)",
            "date_subtract(timestamp with time zone, interval)",
            "timestamptz_pl_interval(timestamp with time zone, interval)",
            "timestamptz_mi_interval(timestamp with time zone, interval)",
            "interval_pl_timestamptz(interval, timestamp with time zone)",
            "generate_series(timestamp with time zone, timestamp with time zone, interval)",
            "in_range(timestamp with time zone, timestamp with time zone, interval, boolean, boolean)",
            "overlaps(timestamp with time zone, interval, timestamp with time zone, interval)",
            "overlaps(timestamp with time zone, interval, timestamp with time zone, timestamp with time zone)",
            "overlaps(timestamp with time zone, timestamp with time zone, timestamp with time zone, interval)",
            "make_timestamptz(integer, integer, integer, integer, integer, double precision)",
            "make_timestamptz(integer, integer, integer, integer, integer, double precision, text)",
            "to_date(text, text)",
            "to_timestamp(text, text)",
            "to_char(timestamp with time zone, text)");

    /** The same, to compare times of two types. */
    private static final Set<String> COMPARISONS = Stream.of("eq", "ne", "lt", "le", "gt", "ge", "cmp")
            .flatMap(how -> Stream.of(
                    "date_" + how + "_timestamptz(date, timestamp with time zone)",
                    "timestamptz_" + how + "_date(timestamp with time zone, date)",
                    "timestamp_" + how + "_timestamptz(timestamp without time zone, timestamp with time zone)",
                    "timestamptz_" + how + "_timestamp(timestamp with time zone, timestamp without time zone)"))
            .collect(Collectors.toUnmodifiableSet());

    /** They go by the locale of numbers and names. */
    private static final Set<String> LOCALE = Set.of(
            "to_char(bigint, text)",
            "to_char(integer, text)",
            "to_char(numeric, text)",
            "to_char(real, text)",
            "to_char(double precision, text)",
            "to_char(interval, text)",
            "to_char(timestamp without time zone, text)",
            "to_number(text, text)");

    /** They write values, in the session's style of dates, intervals and digits. */
    private static final Set<String> STYLE = Set.of(
            "date_out(date)",
            "timestamp_out(timestamp without time zone)",
            "timestamptz_out(timestamp with time zone)",
            "interval_out(interval)",
            "array_out(anyarray)",
            "record_out(record)",
            "range_out(anyrange)",
            "multirange_out(anymultirange)",
            "enum_out(anyenum)",
            "concat(\"any\")",
            "concat_ws(text, \"any\")",
            "format(text)",
            "format(text, \"any\")",
            "textanycat(text, anynonarray)",
            "anytextcat(anynonarray, text)",
            "array_to_string(anyarray, text)",
            "array_to_string(anyarray, text, text)",
            "quote_literal(anyelement)",
            "quote_nullable(anyelement)");

    /** They read values; those of their elements, bounds and fields are looked at too. */
    private static final Set<String> READING = Set.of(
            "interval_in(cstring, oid, integer)",
            "array_in(cstring, oid, integer)",
            "range_in(cstring, oid, integer)",
            "multirange_in(cstring, oid, integer)",
            "enum_in(cstring, oid)",
            "domain_in(cstring, oid, integer)");

    /** They make JSON: stable because of the types that a value may have. */
    private static final Set<String> JSON = Set.of(
            "to_json(anyelement)",
            "to_jsonb(anyelement)",
            "row_to_json(record)",
            "row_to_json(record, boolean)",
            "array_to_json(anyarray)",
            "array_to_json(anyarray, boolean)",
            "json_build_array()",
            "json_build_array(\"any\")",
            "json_build_object()",
            "json_build_object(\"any\")",
            "jsonb_build_array()",
            "jsonb_build_array(\"any\")",
            "jsonb_build_object()",
            "jsonb_build_object(\"any\")",
            "json_agg(anyelement)",
            "json_agg_strict(anyelement)",
            "json_object_agg(\"any\", \"any\")",
            "json_object_agg_strict(\"any\", \"any\")",
            "json_object_agg_unique(\"any\", \"any\")",
            "json_object_agg_unique_strict(\"any\", \"any\")",
            "jsonb_agg(anyelement)",
            "jsonb_agg_strict(anyelement)");

    /** They go by the database's default configuration of text search. */
    private static final Set<String> TEXT_SEARCH = Set.of(
            "to_tsvector(text)",
            "to_tsvector(json)",
            "to_tsvector(jsonb)",
            "json_to_tsvector(json, jsonb)",
            "jsonb_to_tsvector(jsonb, jsonb)",
            "to_tsquery(text)",
            "plainto_tsquery(text)",
            "phraseto_tsquery(text)",
            "websearch_to_tsquery(text)",
            "ts_match_tt(text, text)",
            "ts_match_tq(text, tsquery)");

    /** They go by the database's encoding, which never changes. */
    private static final Set<String> ENCODING = Set.of(
            "convert(bytea, name, name)", "convert_from(bytea, name)", "convert_to(text, name)", "length(bytea, name)");

    private static final Set<String> ALL = Stream.of(
                    TIME_ZONE, COMPARISONS, LOCALE, STYLE, READING, JSON, TEXT_SEARCH, ENCODING)
            .flatMap(Set::stream)
            .collect(Collectors.toUnmodifiableSet());

    /** They take {@code now}, {@code today} and the like for the clock, if the text says so. */
    private static final Set<String> READING_CLOCK =
            Set.of("date_in", "time_in", "timetz_in", "timestamp_in", "timestamptz_in");

    private AllowedFunctions() {}

    static boolean contains(ResolvedFunction function) {
        return function.volatility() == Volatility.IMMUTABLE
                || function.isBuiltIn() && ALL.contains(function.signature());
    }

    /** Whether it reads a time out of a text. */
    static boolean readsClock(ResolvedFunction function) {
        return function.isBuiltIn() && READING_CLOCK.contains(function.name());
    }

    /** Those of the list, for a test that they exist. */
    static String[] signatures() {
        return ALL.stream().sorted().toArray(String[]::new);
    }
}
