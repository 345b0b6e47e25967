package dev.leat.pipeline;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The values of a pipeline file. */
final class YamlValues {

    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,15})(|kB|MB|GB)");

    private YamlValues() {}

    static String topic(YamlElement element) {
        String topic = element.text("the name of a Kafka topic");
        if (!TOPIC.matcher(topic).matches()) {
            throw element.complaint("`" + topic + "` can't name a Kafka topic; expected letters, digits, . _ -");
        }
        return topic;
    }

    /** Names of fields, none of them twice. */
    static List<String> fields(YamlElement element, Function<String, Optional<String>> problem) {
        List<String> fields = element.texts("a field name, or a list of them");
        for (String field : fields) {
            problem.apply(field).ifPresent(what -> {
                throw element.complaint("`" + field + "` " + what + "; no field of a contract is read under it");
            });
            if (fields.indexOf(field) != fields.lastIndexOf(field)) {
                throw element.complaint("field `" + field + "` is named twice; keep one");
            }
        }
        return fields;
    }

    /** Names, none of them twice. */
    static List<String> distinct(YamlElement element, String expected) {
        List<String> names = element.texts(expected);
        for (String name : names) {
            if (names.indexOf(name) != names.lastIndexOf(name)) {
                throw element.complaint("`" + name + "` is named twice; keep one");
            }
        }
        return names;
    }

    static Optional<String> optionalText(YamlElement element, String expected) {
        return Optional.ofNullable(element).map(e -> e.text(expected));
    }

    static boolean bool(YamlElement element) {
        String text = element.text("true or false");
        if (!text.equals("true") && !text.equals("false")) {
            throw element.complaint("expected true or false, found `" + text + "`");
        }
        return text.equals("true");
    }

    static long positive(YamlElement element) {
        String text = element.text("a whole number above 0").replace("_", "");
        if (!text.matches("[1-9][0-9]{0,17}")) {
            throw element.complaint("expected a whole number above 0, found `" + text + "`");
        }
        return Long.parseLong(text);
    }

    static Duration duration(YamlElement element) {
        String text = element.text("a duration as 500ms, 30s, 10m, 1h or 7d");
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw element.complaint("expected a duration as 500ms, 30s, 10m, 1h or 7d, found `" + text + "`");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    static long size(YamlElement element) {
        String text = element.text("a size as 64MB");
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches() || text.matches("0+(|kB|MB|GB)")) {
            throw element.complaint("expected a size in bytes, or as 64MB or 1GB, found `" + text + "`");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "kB" -> amount << 10;
            case "MB" -> amount << 20;
            case "GB" -> amount << 30;
            default -> amount;
        };
    }

    static <E extends Enum<E>> E oneOf(YamlElement element, Class<E> type) {
        return oneOf(element, type, "_");
    }

    /** Words of ours; the registry's have {@code _}. */
    static <E extends Enum<E>> E oneOfHyphened(YamlElement element, Class<E> type) {
        return oneOf(element, type, "-");
    }

    static <E extends Enum<E>> E oneOf(YamlElement element, Class<E> type, String joint) {
        Map<String, E> choices = new LinkedHashMap<>();
        for (E choice : type.getEnumConstants()) {
            choices.put(choice.name().toLowerCase(Locale.ROOT).replace("_", joint), choice);
        }
        String expected = "one of " + String.join(", ", choices.keySet());
        String text = element.text(expected);
        E choice = choices.get(text.toLowerCase(Locale.ROOT));
        if (choice == null) {
            throw element.complaint("expected " + expected + ", found `" + text + "`");
        }
        return choice;
    }
}
