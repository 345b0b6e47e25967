package dev.leat.ops.deadletter;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheQuery;
import io.quarkus.panache.common.Parameters;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** One page of an entity, by falling id. The next page begins below the last id of this one. */
final class NewestFirst {

    private final List<String> conditions = new ArrayList<>(List.of("1 = 1"));
    private final Parameters parameters = new Parameters();

    /** Only what has this value; everything if it is null. */
    NewestFirst with(String attribute, Object value) {
        return value == null ? this : and(attribute + " = :" + attribute, attribute, value);
    }

    /** Only what has an id below this one; everything if it is null. */
    NewestFirst before(Long id) {
        return id == null ? this : and("id < :before", "before", id);
    }

    NewestFirst and(String condition) {
        conditions.add(condition);
        return this;
    }

    private NewestFirst and(String condition, String parameter, Object value) {
        parameters.and(parameter, value);
        return and(condition);
    }

    /** @param find a lambda that calls the entity's {@code find}; Panache doesn't rewrite references to that method */
    <T> Uni<List<T>> list(BiFunction<String, Map<String, Object>, PanacheQuery<T>> find, int most) {
        String query = String.join(" AND ", conditions) + " ORDER BY id DESC";
        return Panache.withSession(
                () -> find.apply(query, parameters.map()).range(0, most - 1).list());
    }
}
