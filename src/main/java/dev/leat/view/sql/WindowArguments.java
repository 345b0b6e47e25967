package dev.leat.view.sql;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a call of {@code tumble}, {@code hop} or {@code session} says of windows. Its lengths and zones are literals. */
final class WindowArguments {

    private static final Pattern INTERVAL =
            Pattern.compile("(?:interval\\s*)?'([^']*)'(?:\\s*::\\s*interval)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern TEXT = Pattern.compile("'([^']*)'");
    private static final int MOST_WINDOWS = 10_000;

    private final ValidatedSelect validated;
    private final SelectText text;
    private final Call call;

    WindowArguments(ValidatedSelect validated, Call call) {
        this.validated = validated;
        this.text = validated.text();
        this.call = call;
    }

    /** @throws dev.leat.pipeline.PipelineException when there are no such windows */
    Window window() {
        List<TextSpan> arguments = text.commaSeparated(call.arguments());
        int lengths = lengths(call);
        Optional<String> zone =
                arguments.size() > lengths + 1 ? Optional.of(zone(arguments.get(lengths + 1))) : Optional.empty();
        PgInterval size = length(arguments.get(0));
        return switch (call.name()) {
            case "tumble" -> new Window.Tumbling(alignment(size, zone));
            case "hop" -> hopping(size, length(arguments.get(1)), zone);
            default -> session(size);
        };
    }

    /** How many lengths come before the time. */
    static int lengths(Call call) {
        return call.name().equals("hop") ? 2 : 1;
    }

    private PgInterval length(TextSpan argument) {
        Matcher literal = INTERVAL.matcher(text.text(argument).trim());
        if (!literal.matches()) {
            throw text.complaint(
                    argument,
                    "the lengths in `" + call.name() + "` must be written out, as '1 hour' or '1 month'; this is `"
                            + text.text(argument).trim() + "`");
        }
        PgInterval length = validated.dryRun().parsed(literal.group(1));
        if (!length.isPure()) {
            throw text.complaint(
                    argument,
                    "'" + length.written()
                            + "' is no length of a window: it must be so many months, so many days, or a shorter span,"
                            + " and no mixture");
        }
        return length;
    }

    private String zone(TextSpan argument) {
        Matcher literal = TEXT.matcher(text.text(argument).trim());
        if (!literal.matches() || !validated.dryRun().isZone(literal.group(1))) {
            throw text.complaint(
                    argument, text.text(argument).trim() + " is no time zone; write its name, as 'Europe/Amsterdam'");
        }
        return literal.group(1);
    }

    private WindowAlignment alignment(PgInterval size, Optional<String> zone) {
        if (size.isMonths() || size.isDays() && zone.isPresent()) {
            return new WindowAlignment.Calendar(size.months(), size.days(), zone.orElse("UTC"));
        }
        if (zone.isEmpty()) {
            return WindowAlignment.Even.of(size);
        }
        if (!size.dividesDay()) {
            throw text.complaint(
                    call.place(),
                    "with a time zone, windows shorter than a day begin with each day, and '" + size.written()
                            + "' doesn't divide a day");
        }
        return new WindowAlignment.WithinDay(size.micros(), new WindowAlignment.Calendar(0, 1, zone.get()));
    }

    private Window hopping(PgInterval size, PgInterval every, Optional<String> zone) {
        boolean calendar = every.isMonths() || zone.isPresent();
        if (zone.isPresent() && every.micros() > 0) {
            throw text.complaint(
                    call.place(),
                    "with a time zone, windows hop by days or months, not by '" + every.written()
                            + "'; leave the zone out");
        }
        boolean comparable = size.isMonths() == every.isMonths() && (!calendar || size.micros() == 0);
        long whole = size.isMonths() ? size.months() : size.microsInUtc();
        long step = every.isMonths() ? every.months() : every.microsInUtc();
        if (!comparable || whole % step != 0) {
            throw text.complaint(
                    call.place(),
                    "a window of '" + size.written() + "' doesn't consist of whole steps of '" + every.written()
                            + "'; choose a step that divides it");
        }
        if (whole / step > MOST_WINDOWS) {
            throw text.complaint(
                    call.place(),
                    "each event would be in " + whole / step + " windows; choose a longer step than '" + every.written()
                            + "'");
        }
        return new Window.Hopping(alignment(every, zone), (int) (whole / step));
    }

    private Window session(PgInterval gap) {
        if (gap.isMonths()) {
            throw text.complaint(
                    call.place(), "months differ in length: a session's gap is so many days, or a shorter span");
        }
        return new Window.Session("interval '" + gap.microsInUtc() + " microseconds'", gap.inUtc());
    }
}
