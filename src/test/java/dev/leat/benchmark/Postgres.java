package dev.leat.benchmark;

import dev.leat.stack.Database;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** One connection to a database, for setting a table up and for looking at it. Not safe for several threads. */
final class Postgres implements AutoCloseable {

    private static final List<String> NOT_THERE_YET = List.of("42P01", "3F000");

    private final Connection connection;

    Postgres(Database database) {
        try {
            connection = DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
        } catch (SQLException e) {
            throw new IllegalStateException("cannot connect to " + database.jdbcUrl(), e);
        }
    }

    void execute(String sql) {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** The first column of the first row; 0 where that is null, or the table isn't there yet. */
    long number(String sql) {
        List<Long> all = numbers(sql);
        return all.isEmpty() ? 0 : all.getFirst();
    }

    /** The first column; nothing while the table isn't there yet. */
    List<Long> numbers(String sql, Object... parameters) {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            List<Long> numbers = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    numbers.add(rows.getLong(1));
                }
            }
            return numbers;
        } catch (SQLException e) {
            if (NOT_THERE_YET.contains(e.getSQLState())) {
                return List.of();
            }
            throw new IllegalStateException(sql, e);
        }
    }

    /** The server's process, whose children are its sessions. */
    long serverPid() {
        return Processes.parent(number("SELECT pg_backend_pid()"));
    }

    Connection connection() {
        return connection;
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
