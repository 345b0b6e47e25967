package dev.leat.view.writer;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.pgclient.PgException;
import java.time.DateTimeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowRefusalTest {

    /** A NUL in a text, a number out of range, a bad cast, a check, a unique and a not-null constraint, a huge index row. */
    @ParameterizedTest
    @ValueSource(strings = {"22021", "22003", "22P02", "23514", "23505", "23502", "54000"})
    void what_speaks_of_the_data_is_a_refusal(String sqlState) {
        assertThat(RowRefusal.of(new PgException("no", "ERROR", sqlState, null)))
                .isPresent();
    }

    /**
     * Serialization, deadlock, disk full, out of memory, too many connections, shutdown, cancelled, read-only, a missing
     * table, no permission.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {"40001", "40P01", "53100", "53200", "53300", "57P01", "57014", "25006", "42P01", "42501", "58030"
            })
    void what_speaks_of_the_server_is_none(String sqlState) {
        assertThat(RowRefusal.of(new PgException("no", "FATAL", sqlState, null)))
                .isEmpty();
    }

    @Test
    void a_value_that_the_driver_can_not_express_is_a_refusal() {
        assertThat(RowRefusal.of(new ArithmeticException("long overflow")))
                .contains("a number is out of Postgres's range: long overflow");
        assertThat(RowRefusal.of(new DateTimeException("year"))).contains("a time is out of Postgres's range: year");
        assertThat(RowRefusal.of(new IllegalStateException("closed"))).isEmpty();
    }
}
