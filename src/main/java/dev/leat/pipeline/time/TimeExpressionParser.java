package dev.leat.pipeline.time;

import dev.leat.pipeline.time.TimeExpression.Unit;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads an expression for event time. It is SQL, but little of it: what isn't evaluated in the process as Postgres would is
 * refused.
 *
 * <pre>
 *   time   = single { ( "+" | "-" ) "interval" text }
 *   single = field [ "AT TIME ZONE" text ] | "_timestamp" | "(" time ")"
 *          | "coalesce" "(" time { "," time } ")" | "to_timestamp" "(" field [ "/" units ] ")"
 * </pre>
 */
public final class TimeExpressionParser {

    /** What there is, in words. */
    public static final String POSSIBLE = "possible are a field, _timestamp, to_timestamp(field / 1000),"
            + " field AT TIME ZONE 'Europe/Amsterdam', coalesce(…, …) of these, and + or - interval '…' after them";

    private static final Pattern TOKEN = Pattern.compile(
            "\\s*(?:([\\p{L}_][\\p{L}\\p{N}_]*)|\"([^\"]+)\"|([0-9][0-9_.]*)|'([^']*)'|(.))", Pattern.DOTALL);
    private static final Pattern LENGTH = Pattern.compile("\\s*([0-9]{1,13})\\s*([a-z]+)\\s*");
    private static final Duration LONGEST = Duration.ofDays(36_525);
    private static final Map<String, Unit> UNITS =
            Map.of("1", Unit.S, "1000", Unit.MS, "1000000", Unit.US, "1000000000", Unit.NS);

    private final List<Token> tokens = new ArrayList<>();
    private int next;

    private TimeExpressionParser(String text) {
        Matcher matcher = TOKEN.matcher(text);
        int end = text.stripTrailing().length();
        int from = 0;
        while (from < end && matcher.find(from)) {
            tokens.add(Token.of(matcher));
            from = matcher.end();
        }
        tokens.add(new Token(Token.Kind.END, "", end));
    }

    private record Token(Kind kind, String text, int at) {

        enum Kind {
            WORD,
            QUOTED,
            NUMBER,
            TEXT,
            SIGN,
            END
        }

        static Token of(Matcher found) {
            for (Kind kind : Kind.values()) {
                int group = kind.ordinal() + 1;
                if (found.group(group) != null) {
                    int quote = kind == Kind.QUOTED || kind == Kind.TEXT ? 1 : 0;
                    return new Token(kind, found.group(group), found.start(group) - quote);
                }
            }
            throw new IllegalStateException("a token is of some kind");
        }

        boolean isWord(String word) {
            return kind == Kind.WORD && text.equalsIgnoreCase(word);
        }

        boolean isSign(String sign) {
            return kind == Kind.SIGN && text.equals(sign);
        }
    }

    /**
     * @throws NoTimeExpression when it is none, or can't be evaluated in the process
     */
    public static TimeExpression parse(String text) {
        TimeExpressionParser parser = new TimeExpressionParser(text);
        TimeExpression time = parser.time();
        parser.require(parser.peek().kind() == Token.Kind.END);
        return time;
    }

    private TimeExpression time() {
        TimeExpression time = single();
        while (peek().isSign("+") || peek().isSign("-")) {
            boolean earlier = take().isSign("-");
            requireWord("interval");
            Duration by = length(take());
            time = new TimeExpression.Shifted(time, earlier ? by.negated() : by);
        }
        return time;
    }

    private TimeExpression single() {
        if (peek().isSign("(")) {
            take();
            TimeExpression time = time();
            requireSign(")");
            return time;
        }
        boolean isCall = next + 1 < tokens.size() && tokens.get(next + 1).isSign("(");
        if (isCall && peek().isWord("coalesce")) {
            return firstOf();
        }
        if (isCall && peek().isWord("to_timestamp")) {
            return counted();
        }
        require(!isCall);
        if (peek().isWord(TimeExpression.KafkaTimestamp.NAME)) {
            take();
            return new TimeExpression.KafkaTimestamp();
        }
        String field = field();
        return new TimeExpression.Field(field, Optional.empty(), zone());
    }

    private TimeExpression firstOf() {
        next += 2;
        List<TimeExpression> times = new ArrayList<>(List.of(time()));
        while (peek().isSign(",")) {
            take();
            times.add(time());
        }
        requireSign(")");
        return times.size() == 1 ? times.getFirst() : new TimeExpression.FirstOf(List.copyOf(times));
    }

    private TimeExpression counted() {
        next += 2;
        String field = field();
        Unit unit = Unit.S;
        if (peek().isSign("/")) {
            take();
            Token units = peek();
            require(units.kind() == Token.Kind.NUMBER);
            unit = UNITS.get(units.text().replace("_", "").replaceFirst("\\.0*$", ""));
            require(unit != null);
            take();
        }
        requireSign(")");
        return new TimeExpression.Field(field, Optional.of(unit), Optional.empty());
    }

    private String field() {
        require(peek().kind() == Token.Kind.WORD || peek().kind() == Token.Kind.QUOTED);
        return take().text();
    }

    private Optional<ZoneId> zone() {
        if (!peek().isWord("at")) {
            return Optional.empty();
        }
        take();
        requireWord("time");
        requireWord("zone");
        Token name = take();
        return Optional.of(zone(name.text(), name.kind() == Token.Kind.TEXT, name.at()));
    }

    private static ZoneId zone(String name, boolean isText, int at) {
        try {
            if (isText) {
                return zone(name);
            }
        } catch (DateTimeException e) {
            // Told below.
        }
        throw new NoTimeExpression(at, "`" + name + "` is no time zone; write its name, as 'Europe/Amsterdam'");
    }

    /** @throws DateTimeException when there is no such zone */
    public static ZoneId zone(String name) {
        if (!ZoneId.getAvailableZoneIds().contains(name)) {
            throw new DateTimeException(name);
        }
        return ZoneId.of(name);
    }

    private static Duration length(Token token) {
        Matcher matcher = LENGTH.matcher(token.text());
        Duration total = Duration.ZERO;
        int from = 0;
        while (token.kind() == Token.Kind.TEXT && matcher.find(from) && matcher.start() == from) {
            Duration unit = unit(matcher.group(2), token);
            total = total.plus(unit.multipliedBy(Long.parseLong(matcher.group(1))));
            from = matcher.end();
            if (from == token.text().length() && total.compareTo(LONGEST) <= 0) {
                return total;
            }
        }
        throw noLength(token);
    }

    /** A day has 24 hours here: an event time is an instant. */
    private static Duration unit(String name, Token token) {
        return switch (name) {
            case "microsecond", "microseconds", "us" -> Duration.ofNanos(1000);
            case "millisecond", "milliseconds", "ms" -> Duration.ofMillis(1);
            case "second", "seconds", "sec", "secs", "s" -> Duration.ofSeconds(1);
            case "minute", "minutes", "min", "mins", "m" -> Duration.ofMinutes(1);
            case "hour", "hours", "h" -> Duration.ofHours(1);
            case "day", "days", "d" -> Duration.ofDays(1);
            case "week", "weeks", "w" -> Duration.ofDays(7);
            default -> throw noLength(token);
        };
    }

    private static NoTimeExpression noLength(Token token) {
        return new NoTimeExpression(
                token.at(),
                "`" + token.text() + "` is no length; write so many weeks, days, hours, minutes, seconds or"
                        + " milliseconds, at most 100 years, as interval '1 hour 30 minutes'");
    }

    private Token peek() {
        return tokens.get(next);
    }

    private Token take() {
        Token token = peek();
        next = Math.min(next + 1, tokens.size() - 1);
        return token;
    }

    private void requireWord(String word) {
        require(peek().isWord(word));
        take();
    }

    private void requireSign(String sign) {
        require(peek().isSign(sign));
        take();
    }

    private void require(boolean holds) {
        if (!holds) {
            String found = peek().kind() == Token.Kind.END
                    ? "it ends too early"
                    : "didn't expect `" + peek().text() + "` here";
            throw new NoTimeExpression(peek().at(), found + "; " + POSSIBLE);
        }
    }
}
