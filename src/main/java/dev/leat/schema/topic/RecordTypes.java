package dev.leat.schema.topic;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;

/**
 * The names of the record type that a stream is made of. It may have been renamed, as a field may: what aliases connect is
 * one type. Immutable.
 *
 * @param first empty while it isn't known; then the first record that comes decides
 * @param others that it was called, or is called by now
 */
record RecordTypes(Optional<String> first, Set<String> others) {

    RecordTypes named(Schema version) {
        return first.isPresent() ? this : new RecordTypes(Optional.of(version.getFullName()), others);
    }

    boolean have(Schema writer) {
        return first.isEmpty() || isFirst(writer) || others.contains(writer.getFullName());
    }

    boolean isFirst(Schema writer) {
        return first.equals(Optional.of(writer.getFullName()));
    }

    /** With the names that these versions give it. */
    RecordTypes connected(List<Schema> versions) {
        if (first.isEmpty()) {
            return this;
        }
        Set<String> called = new HashSet<>(others);
        called.add(first.get());
        boolean isMore = true;
        while (isMore) {
            isMore = false;
            for (Schema version : versions) {
                if (version.getType() == Schema.Type.RECORD
                        && (called.contains(version.getFullName())
                                || version.getAliases().stream().anyMatch(called::contains))) {
                    isMore |= called.add(version.getFullName()) | called.addAll(version.getAliases());
                }
            }
        }
        return new RecordTypes(first, Set.copyOf(called));
    }
}
