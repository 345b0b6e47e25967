package dev.leat.view.fold;

import dev.leat.stack.Database;
import java.util.List;
import java.util.Map;
import org.hibernate.boot.registry.StandardServiceRegistry;
import org.hibernate.cfg.Configuration;
import org.hibernate.internal.SessionFactoryImpl;
import org.hibernate.reactive.provider.ReactiveServiceRegistryBuilder;

/** Folds and their entities without Quarkus. */
public final class FoldsFixture implements AutoCloseable {

    private final SessionFactoryImpl factory;

    public FoldsFixture(Database database, List<Class<?>> entities) {
        Configuration configuration = new Configuration()
                .setProperty("hibernate.connection.url", database.reactiveUrl())
                .setProperty("hibernate.connection.username", database.user())
                .setProperty("hibernate.connection.password", database.password())
                .setProperty("hibernate.default_schema", "leat");
        entities.forEach(configuration::addAnnotatedClass);
        StandardServiceRegistry registry = new ReactiveServiceRegistryBuilder()
                .applySettings(configuration.getProperties())
                .build();
        factory = (SessionFactoryImpl) configuration.buildSessionFactory(registry);
    }

    public Folds folds(Map<String, Fold<?>> byName) {
        return new Folds(byName, () -> factory);
    }

    @Override
    public void close() {
        factory.close();
    }
}
