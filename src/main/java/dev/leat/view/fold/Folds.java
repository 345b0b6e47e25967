package dev.leat.view.fold;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.Shape;
import dev.leat.view.writer.ViewWriter;
import io.quarkus.arc.All;
import io.quarkus.arc.InstanceHandle;
import io.quarkus.hibernate.orm.runtime.JPAConfig;
import io.quarkus.hibernate.orm.runtime.PersistenceUnitUtil;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.hibernate.internal.SessionFactoryImpl;
import org.hibernate.metamodel.MappingMetamodel;

/** The folds that the application has, bound to the views that name them. */
@ApplicationScoped
public class Folds {

    private final Map<String, Fold<?>> byName;
    private final Supplier<SessionFactoryImpl> factory;

    @Inject
    Folds(@All List<InstanceHandle<Fold<?>>> beans, JPAConfig hibernate) {
        this(named(beans), () -> hibernate
                .getEntityManagerFactory(PersistenceUnitUtil.DEFAULT_PERSISTENCE_UNIT_NAME, true)
                .unwrap(SessionFactoryImpl.class));
    }

    /**
     * @param byName as views name them
     * @param factory of sessions for the entities that are the folds' states
     */
    Folds(Map<String, Fold<?>> byName, Supplier<SessionFactoryImpl> factory) {
        this.byName = new TreeMap<>(byName);
        this.factory = factory;
    }

    /** For pipelines without a fold. */
    public static Folds none() {
        return new Folds(Map.of(), () -> {
            throw new IllegalStateException("there is no fold");
        });
    }

    /** By the name of the bean, or else of its class. */
    private static Map<String, Fold<?>> named(List<InstanceHandle<Fold<?>>> beans) {
        Map<String, Fold<?>> named = new TreeMap<>();
        for (InstanceHandle<Fold<?>> bean : beans) {
            String name = bean.getBean().getName();
            named.put(name == null ? bean.getBean().getBeanClass().getName() : name, bean.get());
        }
        return named;
    }

    /** @param columns those of the key first, in its order */
    public record Table(List<String> key, List<Column> columns) {}

    /**
     * The table that the view's states want.
     *
     * @throws ContractException when the fold is missing, or isn't one for the view's streams
     */
    public Table table(View.Fold view, Pipeline pipeline) {
        StateColumns columns = folded(view, pipeline, view.name()).table().columns();
        return new Table(columns.keyNames(), columns.all());
    }

    /** @throws ContractException when events of this stream can't be folded, or only if they had other columns */
    public void require(View.Fold view, Pipeline pipeline, Stream stream, Shape shape) {
        folded(view, pipeline, view.name()).require(stream, shape);
    }

    /** @param table the view's, qualified and quoted */
    public ViewWriter writer(View.Fold view, Pipeline pipeline, String table) {
        return new FoldWriter(folded(view, pipeline, table), factory.get());
    }

    /** The view with the version that the application has of its fold. */
    public View.Fold versioned(View.Fold view, Pipeline pipeline) {
        return new View.Fold(
                view.name(), view.streams(), view.with(), fold(view, pipeline).version());
    }

    /** Whether the application has the fold, and not an older one than the view needs. */
    public boolean has(View.Fold view) {
        return byName.containsKey(view.with()) && byName.get(view.with()).version() >= view.version();
    }

    private Fold<?> fold(View.Fold view, Pipeline pipeline) {
        Fold<?> fold = byName.get(view.with());
        if (fold == null) {
            throw new ContractException(pipeline.at(view, "with") + ": there is no fold `" + view.with()
                    + "`; the application has "
                    + (byName.isEmpty() ? "none" : String.join(", ", byName.keySet())));
        }
        if (fold.version() < view.version()) {
            throw new ContractException(pipeline.at(view, "with") + ": fold `" + view.with() + "` is version "
                    + fold.version() + " here, and the view was built by version " + view.version()
                    + "; run the application that has it");
        }
        return fold;
    }

    private FoldedView folded(View.Fold view, Pipeline pipeline, String table) {
        Fold<?> fold = fold(view, pipeline);
        // Only the fold itself knows the type of its state.
        @SuppressWarnings("unchecked")
        Transitions<Object> transitions = (Transitions<Object>) fold.transitions();
        String where = pipeline.at(view, "");
        MappingMetamodel entities = factory.get().getMappingMetamodel();
        if (!entities.isEntityClass(transitions.state())) {
            throw new ContractException(where + ": the state of fold " + view.with() + ", "
                    + transitions.state().getName() + ", is no entity; annotate it with @Entity");
        }
        EntityTable states = new EntityTable(entities.getEntityDescriptor(transitions.state()), table, where);
        return new FoldedView(
                view, view.streams().stream().map(pipeline::stream).toList(), transitions, states, where);
    }
}
