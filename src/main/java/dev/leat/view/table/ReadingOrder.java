package dev.leat.view.table;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.View;
import java.util.ArrayList;
import java.util.List;

/** The order in which views in SQL are created: each comes after those that it reads. */
final class ReadingOrder {

    private ReadingOrder() {}

    static List<View.Sql> of(Pipeline pipeline) {
        List<View.Sql> ordered = new ArrayList<>();
        List<View.Sql> left = new ArrayList<>();
        pipeline.views().values().forEach(v -> {
            if (v instanceof View.Sql sql) {
                left.add(sql);
            }
        });
        while (!left.isEmpty()) {
            List<View.Sql> next = left.stream()
                    .filter(v -> left.stream().noneMatch(other -> v.views().contains(other.name())))
                    .toList();
            if (next.isEmpty()) {
                throw left.getFirst()
                        .sql()
                        .complaint("views "
                                + String.join(
                                        ", ", left.stream().map(View.Sql::name).toList())
                                + " read each other in a circle");
            }
            ordered.addAll(next);
            left.removeAll(next);
        }
        return ordered;
    }
}
