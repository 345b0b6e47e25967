package dev.leat.view.sql.delta.text;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/** What Postgres knows of SELECTs over stand-ins for what they read. */
public interface Probe {

    /** The columns that a SELECT gives, by their names in order, and Postgres's types. */
    SequencedMap<String, String> columns(String select);

    /** The same; empty when Postgres refuses the SELECT. */
    Optional<SequencedMap<String, String>> columnsIfAny(String select);

    /** Those of the names that aggregates have. */
    Set<String> aggregates(Collection<String> names);

    /** Makes an empty relation of this name, for as long as the SELECTs are looked at. */
    void add(String name, Map<String, String> columns);
}
