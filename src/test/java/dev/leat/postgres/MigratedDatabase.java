package dev.leat.postgres;

import dev.leat.stack.Database;
import dev.leat.stack.LocalStack;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;

/**
 * Databases with Leat's own tables, on the shared Postgres: copies of one that was migrated once in this JVM. Their
 * commits don't wait for the disk, because no test that uses them crashes the server. Safe for several threads.
 */
public final class MigratedDatabase {

    private static final AtomicInteger COPIES = new AtomicInteger();
    private static Database template;

    private MigratedDatabase() {}

    /** @param prefix begins its name */
    public static synchronized Database create(String prefix) {
        LocalStack stack = LocalStack.shared();
        // A class loader of a Quarkus test makes a template of its own.
        String of = "_" + ProcessHandle.current().pid() + "_"
                + Integer.toHexString(System.identityHashCode(MigratedDatabase.class)) + "_"
                + COPIES.incrementAndGet();
        if (template == null) {
            Database migrated = stack.createDatabase("template" + of);
            Flyway.configure()
                    .dataSource(migrated.jdbcUrl(), migrated.user(), migrated.password())
                    .schemas("leat")
                    .defaultSchema("leat")
                    .load()
                    .migrate();
            template = migrated;
        }
        return stack.copyDatabase(template, prefix + of);
    }
}
