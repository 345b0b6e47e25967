package dev.leat.postgres;

import jakarta.enterprise.context.ApplicationScoped;
import org.flywaydb.core.Flyway;

/** Brings Leat's own tables up to date, unless {@code leat.view.migrate} is false. Blocks; safe with several instances. */
@ApplicationScoped
public class Migrations {

    private final Flyway flyway;
    private final MigrationConfig config;

    Migrations(Flyway flyway, MigrationConfig config) {
        this.flyway = flyway;
        this.config = config;
    }

    public void run() {
        if (config.migrate()) {
            flyway.migrate();
        }
    }
}
