package dev.leat.view.fold;

import dev.leat.postgres.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.hibernate.engine.creation.internal.SessionBuilderImpl;
import org.hibernate.engine.spi.SessionImplementor;
import org.hibernate.internal.SessionFactoryImpl;
import org.hibernate.internal.SessionImpl;
import org.hibernate.reactive.session.impl.ReactiveStatelessSessionImpl;

/**
 * The states of one attempt at a batch, read and written by Hibernate on the batch's own connection. Hibernate does its
 * part on that connection's event loop, where its sessions belong; the lane's thread waits. Each piece of work has a
 * session of its own, which keeps nothing: what is rolled back leaves no trace here.
 */
final class States {

    private final Tx tx;
    private final SessionFactoryImpl factory;
    private final EntityTable table;

    // The connection's; set by the first statement's answer, read after it.
    private volatile Context context;

    States(Tx tx, SessionFactoryImpl factory, EntityTable table) {
        this.tx = tx;
        this.factory = factory;
        this.table = table;
    }

    /** Locks the rows of these keys, in their order, and reads them. A key without a row isn't in the answer. */
    Map<StateKey, Object> lockAndLoad(SortedSet<StateKey> keys) {
        Tuple parameters = Tuple.tuple();
        for (int column = 0; column < table.keyTypes().size(); column++) {
            parameters.addValue(table.values(keys, keys.size(), column));
        }
        int there = tx.await(tx.connection()
                .preparedQuery(table.lockStatement())
                .execute(parameters)
                .map(rows -> {
                    context = Vertx.currentContext();
                    return rows.size();
                }));
        if (there == 0) {
            return Map.of();
        }
        Map<Object, StateKey> byId = new HashMap<>();
        keys.forEach(key -> byId.put(table.id(key), key));
        Object[] ids = byId.keySet().toArray();
        List<?> loaded = inSession(session -> session.reactiveGet(table.type(), ids));
        Map<StateKey, Object> states = new HashMap<>();
        for (Object state : loaded) {
            if (state != null) {
                states.put(byId.get(table.idOf(state)), state);
            }
        }
        return states;
    }

    /** A statement a kind, whatever the number of states. */
    void save(Map<StateKey, Object> added, Collection<Object> changed, Collection<Object> ended) {
        if (!ended.isEmpty()) {
            inSession(session -> session.reactiveDeleteAll(ended.toArray()));
        }
        if (!changed.isEmpty()) {
            inSession(session -> session.reactiveUpdateAll(changed.toArray()));
        }
        if (!added.isEmpty()) {
            List<Object> states = new ArrayList<>(added.values());
            inSession(session -> session.reactiveInsertAll(states.toArray()));
        }
    }

    private <T> T inSession(Function<ReactiveStatelessSessionImpl, CompletionStage<T>> work) {
        Uni<T> onEventLoop = Uni.createFrom()
                .<T>emitter(emitter -> context.runOnContext(ignored -> Uni.createFrom()
                        .completionStage(() -> work.apply(session()))
                        .subscribe()
                        .with(emitter::complete, emitter::fail)));
        return tx.await(onEventLoop);
    }

    private ReactiveStatelessSessionImpl session() {
        SessionBuilderImpl options = new SessionBuilderImpl(factory) {
            @Override
            protected SessionImplementor createSession() {
                return new SessionImpl(factory, this);
            }
        };
        return new ReactiveStatelessSessionImpl(
                factory, options, new TransactionConnection(tx.connection().getDelegate(), table.renaming()));
    }
}
