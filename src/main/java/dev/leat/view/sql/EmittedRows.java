package dev.leat.view.sql;

import dev.leat.pipeline.View;
import dev.leat.postgres.Sql;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.types.Column;
import dev.leat.view.outbox.Emitter;
import dev.leat.view.outbox.Emitters;
import java.util.List;
import java.util.stream.Collectors;

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
        return Sql.list(columns, Emitter::selected);
    }

    /** The same, each computed. */
    String selected(java.util.function.UnaryOperator<String> expression) {
        return columns.stream()
                .map(c -> {
                    String plain = Emitter.selected(c);
                    String name = Sql.quote(c.name());
                    String cast = plain.equals(name) ? "" : plain.substring(name.length(), plain.indexOf(" AS "));
                    return "((" + expression.apply(c.name()) + ")::" + c.type().postgres() + ")" + cast + " AS " + name;
                })
                .collect(Collectors.joining(", "));
    }
}
