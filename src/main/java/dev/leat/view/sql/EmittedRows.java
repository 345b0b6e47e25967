package dev.leat.view.sql;

import static java.util.stream.Collectors.toMap;

import dev.leat.pipeline.View;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.types.Column;
import dev.leat.view.outbox.Emitter;
import dev.leat.view.outbox.Emitters;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What a view writes to its topic.
 *
 * @param columns of the events' contract
 * @param key names of those that identify a row; empty: events have no key
 */
record EmittedRows(View.Sql view, List<Column> columns, List<String> key) {

    Emitter connect(Emitters emitters) {
        try {
            return emitters.emitter(view.name(), view.streams(), view.toTopic().orElseThrow(), columns, key);
        } catch (ContractException unfit) {
            throw new ContractException(view.sql().at() + ": " + unfit.getMessage());
        }
    }

    boolean isOfChanges() {
        return view.toTopic().orElseThrow().emit() == View.Emit.CHANGES;
    }

    /** The columns as the emitter wants them, out of a relation that has them under their names. */
    String selected() {
        return Emitter.selected(columns);
    }

    /** The same, each computed. */
    String selected(UnaryOperator<String> expression) {
        Map<String, String> types =
                columns.stream().collect(toMap(Column::name, c -> c.type().postgres()));
        return Emitter.selected(columns, name -> "((" + expression.apply(name) + ")::" + types.get(name) + ")");
    }
}
