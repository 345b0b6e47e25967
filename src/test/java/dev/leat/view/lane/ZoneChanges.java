package dev.leat.view.lane;

import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** When the clocks of time zones change, as this JVM knows it. Postgres may know others. */
public final class ZoneChanges {

    private static final Instant UNTIL = Instant.parse("2037-01-01T00:00:00Z");

    private ZoneChanges() {}

    /** By the zone's name; of zones with the same changes one. */
    public static Map<String, List<ZoneOffsetTransition>> ofAll() {
        Map<ZoneRules, String> names = new LinkedHashMap<>();
        new TreeSet<>(ZoneId.getAvailableZoneIds())
                .forEach(name -> names.putIfAbsent(ZoneId.of(name).getRules(), name));
        Map<String, List<ZoneOffsetTransition>> changes = new LinkedHashMap<>();
        names.forEach((rules, name) -> changes.put(name, of(rules)));
        return changes;
    }

    private static List<ZoneOffsetTransition> of(ZoneRules rules) {
        List<ZoneOffsetTransition> changes = new ArrayList<>(rules.getTransitions());
        Instant last = changes.isEmpty() ? UNTIL : changes.getLast().getInstant();
        for (ZoneOffsetTransition next = rules.nextTransition(last);
                next != null && next.getInstant().isBefore(UNTIL);
                next = rules.nextTransition(next.getInstant())) {
            changes.add(next);
        }
        return changes;
    }
}
