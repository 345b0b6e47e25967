package dev.leat.view.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.pipeline.Stream;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.ValueRows;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Event times on clocks of all time zones, around all changes of these, against {@code AT TIME ZONE}. The process and Postgres
 * have data on zones of their own; where they know another change, neither is asked for its own.
 */
class ZonedEventTimesTest {

    private static final String COLUMNS = "id:STRING! at:LOCAL_TIMESTAMP";

    private ViewsFixture database;

    @BeforeEach
    void begin() {
        database = new ViewsFixture();
    }

    @AfterEach
    void end() {
        database.close();
    }

    private static String yaml(String eventTime) {
        return "streams:\n  a: {topic: t.a, key: id, event-time: " + eventTime + "}\nviews:\n  a_log: {log: a}\n";
    }

    @Test
    void a_time_on_clocks_is_the_moment_that_postgres_says() {
        // Given
        SqlFixture views = new SqlFixture(database, yaml("at"), Map.of("a", COLUMNS));
        views.rows(
                "CREATE TABLE told (zone text, local timestamp, micros bigint, change timestamptz, before int, after int)");
        int told = 0;

        // When
        for (Map.Entry<String, List<ZoneOffsetTransition>> zone :
                ZoneChanges.ofAll().entrySet()) {
            if (!zone.getValue().isEmpty()) {
                List<String> values = values(zone.getKey(), zone.getValue());
                told += values.size();
                views.rows("INSERT INTO told VALUES " + String.join(", ", values));
            }
        }

        // Then
        String agreed = """
                FROM told JOIN pg_timezone_names ON name = zone
                WHERE extract(epoch FROM (change - interval '1 s') AT TIME ZONE zone) - extract(epoch FROM change) + 1 = before
                  AND extract(epoch FROM change AT TIME ZONE zone) - extract(epoch FROM change) = after
                """;
        assertThat(views.rows("SELECT zone, local, micros, local AT TIME ZONE zone " + agreed
                        + " AND extract(epoch FROM local AT TIME ZONE zone) * 1000000 <> micros LIMIT 10"))
                .isEmpty();
        assertThat((Long) views.rows("SELECT count(*) " + agreed).getFirst().getFirst())
                .isGreaterThan(told * 9L / 10);
    }

    /** Around each change, and in the hour that it leaves out or tells twice. */
    private static List<String> values(String zone, List<ZoneOffsetTransition> changes) {
        Stream stream = SqlFixture.read(yaml("{field: at, zone: " + zone + "}")).stream("a");
        ValueRows times = new ValueRows(stream, ValueRows.shape(COLUMNS), 0);
        List<LocalDateTime> locals = new ArrayList<>();
        for (ZoneOffsetTransition change : changes) {
            LocalDateTime before = change.getDateTimeBefore();
            LocalDateTime middle = before.plusSeconds(change.getDuration().getSeconds() / 2);
            for (LocalDateTime local : List.of(before.minusSeconds(1), before, middle, change.getDateTimeAfter())) {
                times.add(
                        locals.size(),
                        0,
                        "a",
                        ChronoUnit.MICROS.between(LocalDateTime.ofEpochSecond(0, 0, ZoneOffset.UTC), local));
                locals.add(local);
            }
        }
        Rows rows = times.build();
        List<String> values = new ArrayList<>();
        for (int i = 0; i < locals.size(); i++) {
            ZoneOffsetTransition change = changes.get(i / 4);
            values.add("('%s', '%s', %d, '%s', %d, %d)"
                    .formatted(
                            zone,
                            locals.get(i),
                            rows.eventTime(i),
                            change.getInstant(),
                            change.getOffsetBefore().getTotalSeconds(),
                            change.getOffsetAfter().getTotalSeconds()));
        }
        return values;
    }
}
