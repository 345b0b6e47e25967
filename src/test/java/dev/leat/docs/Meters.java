package dev.leat.docs;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Our metrics, as Prometheus calls them but for what it appends (unit, {@code _total}). */
final class Meters {

    private static final Pattern NAMED =
            Pattern.compile("(?:builder|counter|timer|gauge)\\(\\s*(?:[a-z]+,\\s*)?\"(leat(?:\\.[a-z]+)+)\"");

    private Meters() {}

    static Set<String> all() {
        Set<String> names = new TreeSet<>();
        NAMED.matcher(Sources.main())
                .results()
                .forEach(found -> names.add(found.group(1).replace('.', '_')));
        return names;
    }
}
