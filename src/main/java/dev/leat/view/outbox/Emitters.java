package dev.leat.view.outbox;

import dev.leat.pipeline.View.ToTopic;
import dev.leat.schema.emit.EmittedContract;
import dev.leat.schema.emit.EmittedContracts;
import dev.leat.schema.types.Column;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;

/** Creates emitters, and registers the contracts of what they write. Blocks on the registry. */
@ApplicationScoped
public class Emitters {

    private final EmittedContracts contracts;
    private final Outbox outbox;

    Emitters(EmittedContracts contracts, Outbox outbox) {
        this.contracts = contracts;
        this.outbox = outbox;
    }

    /**
     * An emitter for these columns. When the view gets another column, it needs a new emitter.
     *
     * @param streams names of those that the view reads, for the schema's documentation
     * @param keys names of the columns that identify a row; empty: events have no Kafka key
     * @throws dev.leat.schema.registry.RegistryOutage when the registry doesn't answer; the call may be made again
     * @throws dev.leat.schema.contract.ContractException when the columns can't be written so, or the registry refuses it
     */
    public Emitter emitter(String view, List<String> streams, ToTopic target, List<Column> columns, List<String> keys) {
        EmittedContract contract = target.contract()
                .map(path -> contracts.declare(view, target.topic(), path, columns, Set.copyOf(keys)))
                .orElseGet(() -> contracts.derive(view, target.topic(), doc(view, streams), columns));
        return new Emitter(view, target.topic(), contract, columns, keys, outbox);
    }

    private static String doc(String view, List<String> streams) {
        return "A row of view " + view
                + switch (streams.size()) {
                    case 0 -> ".";
                    case 1 -> ", made by Leat from stream " + streams.getFirst() + ".";
                    default -> ", made by Leat from streams " + String.join(", ", streams) + ".";
                };
    }
}
