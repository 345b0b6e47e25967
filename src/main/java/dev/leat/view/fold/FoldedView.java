package dev.leat.view.fold;

import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.emit.EventReader;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.Shape;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A declared fold, with all that is needed to apply it. Shared by lanes. */
final class FoldedView {

    private final View.Fold view;
    private final Transitions<Object> transitions;
    private final EntityTable table;
    private final String where;
    private final Map<String, Stream> streams = new LinkedHashMap<>();
    private final Map<String, Class<?>> types = new HashMap<>();

    // Each is one attempt's at a time.
    private final Queue<Map<String, EventReader>> idle = new ConcurrentLinkedQueue<>();

    /**
     * @param where the view is declared, for messages
     * @throws ContractException when the fold has no use for one of the view's streams, or the state another key
     */
    FoldedView(View.Fold view, List<Stream> streams, Transitions<Object> transitions, EntityTable table, String where) {
        this.view = view;
        this.where = where;
        this.transitions = transitions;
        this.table = table;
        streams.forEach(stream -> {
            this.streams.put(stream.name(), stream);
            types.put(stream.name(), typeOf(stream));
            requireKey(stream);
        });
    }

    private Class<?> typeOf(Stream stream) {
        Map<String, Class<?>> byType = new LinkedHashMap<>();
        transitions
                .byType()
                .keySet()
                .forEach(type ->
                        byType.put(new EventReader(type, stream.decoding().nested()).type(), type));
        String declared = EventReader.typeOf(stream)
                .orElseThrow(() -> new ContractException(stream.at("")
                        + ": view " + view.name() + " is a fold, which needs to know the type of its events; say"
                        + " `type:` or `contract:`"));
        Class<?> type = byType.get(declared);
        if (type == null) {
            throw new ContractException(where() + ": fold " + foldName() + " has no transition on " + declared
                    + ", the type of stream " + stream.name() + "; it has "
                    + String.join(", ", byType.keySet()));
        }
        return type;
    }

    private void requireKey(Stream stream) {
        List<String> names = table.columns().keyNames();
        if (names.size() != stream.key().size()
                || names.size() > 1 && !stream.key().containsAll(names)) {
            throw new ContractException(where() + ": the id of " + table.type().getName() + " is "
                    + String.join(", ", names) + ", but the key of stream " + stream.name() + " is "
                    + String.join(", ", stream.key()) + "; they must be the same");
        }
    }

    /** @throws ContractException when events of these columns can't be folded */
    void require(Stream stream, Shape shape) {
        try {
            new EventReader(types.get(stream.name()), stream.decoding().nested()).require(shape);
        } catch (ContractException e) {
            throw new ContractException(where() + ": stream " + stream.name() + " gives no "
                    + types.get(stream.name()).getName() + ": " + e.getMessage());
        }
        List<String> key = keyOf(stream);
        for (int i = 0; i < key.size(); i++) {
            Column column = shape.column(key.get(i));
            Column id = table.columns().key().get(i);
            boolean fits = id.type().kind() == column.type().kind()
                    || id.type().kind() == Kind.LONG && column.type().kind() == Kind.INT;
            if (!fits) {
                throw new ContractException(where() + ": id " + id.name() + " of "
                        + table.type().getName() + " is "
                        + id.type().postgres() + ", but key " + column.name() + " of stream " + stream.name() + " is "
                        + column.type().postgres());
            }
        }
    }

    String where() {
        return where;
    }

    String foldName() {
        return view.with();
    }

    Transitions<Object> transitions() {
        return transitions;
    }

    EntityTable table() {
        return table;
    }

    /** The stream's columns that are the state's id, in the id's order. */
    List<String> keyOf(Stream stream) {
        return stream.key().size() == 1 ? stream.key() : table.columns().keyNames();
    }

    /** Readers of events, by stream, lent for as long as the work takes. */
    <T> T withReaders(Function<Map<String, EventReader>, T> work) {
        Map<String, EventReader> readers = idle.poll();
        if (readers == null) {
            readers = streams.values().stream()
                    .collect(Collectors.toMap(
                            Stream::name,
                            stream -> new EventReader(
                                    types.get(stream.name()), stream.decoding().nested())));
        }
        try {
            return work.apply(readers);
        } finally {
            idle.add(readers);
        }
    }
}
