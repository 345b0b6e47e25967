package dev.leat.stack;

import java.util.Map;

/** An empty database of the local Postgres; its user is a superuser. */
public record Database(String host, int port, String name, String user, String password) {
    public String reactiveUrl() {
        return "postgresql://%s:%d/%s".formatted(host, port, name);
    }

    public String jdbcUrl() {
        return "jdbc:" + reactiveUrl();
    }

    /** What the application needs to use it. */
    public Map<String, String> config() {
        return Map.of(
                "quarkus.datasource.reactive.url",
                reactiveUrl(),
                "quarkus.datasource.jdbc.url",
                jdbcUrl(),
                "quarkus.datasource.username",
                user,
                "quarkus.datasource.password",
                password);
    }
}
