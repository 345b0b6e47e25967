package dev.leat.view.sql.resolve;

/**
 * A function, operator, aggregate or window function that a SELECT calls, as Postgres has resolved it.
 *
 * @param name without its schema
 * @param arguments the types that it is declared with, as {@code text, timestamp with time zone}
 * @param volatility of an aggregate, the worst of its support functions
 * @param returnsSet whether it gives several values, each of which makes a row
 */
public record ResolvedFunction(
        long oid, String schema, String name, String arguments, Volatility volatility, boolean returnsSet, Kind kind) {

    /** Whether a result may differ from one call to the next. The order is from the best to the worst. */
    public enum Volatility {
        IMMUTABLE,
        STABLE,
        VOLATILE;

        static Volatility of(String provolatile) {
            return switch (provolatile) {
                case "i" -> IMMUTABLE;
                case "s" -> STABLE;
                default -> VOLATILE;
            };
        }
    }

    /** What kind of function. */
    public enum Kind {
        FUNCTION,
        AGGREGATE,
        WINDOW;

        static Kind of(String prokind) {
            return switch (prokind) {
                case "a" -> AGGREGATE;
                case "w" -> WINDOW;
                default -> FUNCTION;
            };
        }
    }

    public boolean isBuiltIn() {
        return schema.equals("pg_catalog");
    }

    /** As in {@code age(timestamp with time zone)}. */
    public String signature() {
        return name + "(" + arguments + ")";
    }

    int argumentCount() {
        return arguments.isEmpty() ? 0 : arguments.split(", ").length;
    }
}
