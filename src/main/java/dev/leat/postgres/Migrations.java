package dev.leat.postgres;

import jakarta.enterprise.context.ApplicationScoped;
import org.flywaydb.core.Flyway;

/** Migrates Leat's own tables, unless {@code leat.view.migrate} is false. Blocks; safe with several instances. */
@ApplicationScoped
public class Migrations {

    private final Flyway flyway;
    private final PostgresConfig config;

    Migrations(Flyway flyway, PostgresConfig config) {
        this.flyway = flyway;
        this.config = config;
    }

    public void run() {
        if (config.migrate()) {
            flyway.migrate();
        }
    }
}
