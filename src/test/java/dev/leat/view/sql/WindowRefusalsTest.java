package dev.leat.view.sql;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.pipeline.PipelineException;
import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowRefusalsTest {

    private static final String STREAMS = """
            streams:
              rides: {topic: t.rides, key: id, event-time: at}
              zones: {topic: t.zones, key: zone}
            views:
              refused:
                sql: |
            """;
    private static final Map<String, String> COLUMNS =
            Map.of("rides", "id:STRING! vendor:LONG paid:TIMESTAMP at:TIMESTAMP!", "zones", "zone:INT! at:TIMESTAMP!");

    private static ViewsFixture database;

    @BeforeAll
    static void start() {
        database = new ViewsFixture();
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            SELECT tumble('1 hour', at) AS hour, count(*) FROM zones GROUP BY hour | column 8: a window without event time: stream `zones` doesn't say which field tells when an event happened; name it in `event-time:`
            SELECT tumble('1 hour', r.paid) AS hour, count(*) FROM rides r GROUP BY hour | column 25: only windows of `at`, the event time of stream `rides`, become final; group by date_bin(…, `r.paid`, …) or date_trunc(…) for groups that never do
            SELECT tumble('1 hour', at) AS \"final\", count(*) FROM rides GROUP BY 1 | a view with windows has a column `final` of its own; call yours otherwise
            SELECT session('1 hour', at) AS s, count(*) AS session_end FROM rides GROUP BY 1 | a view with windows has a column `session_end` of its own; call yours otherwise
            SELECT tumble('1 day 1 hour', at) AS w, count(*) FROM rides GROUP BY w | column 15: '1 day 1 hour' is no length of a window: it must be so many months, so many days, or a shorter span, and no mixture
            SELECT tumble('-1 hour', at) AS w, count(*) FROM rides GROUP BY w | column 15: '-1 hour' is no length of a window: it must be so many months, so many days, or a shorter span, and no mixture
            SELECT tumble(make_interval(hours => 1), at) AS w, count(*) FROM rides GROUP BY w | column 15: the lengths in `tumble` must be written out, as '1 hour' or '1 month'; this is `make_interval(hours => 1)`
            SELECT tumble('1 day', at, 'Amsterdam') AS w, count(*) FROM rides GROUP BY w | column 28: 'Amsterdam' is no time zone; write its name, as 'Europe/Amsterdam'
            SELECT tumble('7 hours', at, 'Europe/Paris') AS w, count(*) FROM rides GROUP BY w | column 8: with a time zone, windows shorter than a day begin with each day, and '7 hours' doesn't divide a day
            SELECT hop('1 hour', '25 minutes', at) AS w, count(*) FROM rides GROUP BY w | column 8: a window of '1 hour' doesn't consist of whole steps of '25 minutes'; choose a step that divides it
            SELECT hop('1 month', '1 day', at) AS w, count(*) FROM rides GROUP BY w | column 8: a window of '1 month' doesn't consist of whole steps of '1 day'; choose a step that divides it
            SELECT hop('1 day', '1 second', at) AS w, count(*) FROM rides GROUP BY w | column 8: each event would be in 86400 windows; choose a longer step than '1 second'
            SELECT hop('1 hour', '30 minutes', at, 'Europe/Paris') AS w, count(*) FROM rides GROUP BY w | column 8: with a time zone, windows hop by days or months, not by '30 minutes'; leave the zone out
            SELECT session('1 month', at) AS s, count(*) FROM rides GROUP BY s | column 8: months differ in length: a session's gap is so many days, or a shorter span
            SELECT vendor, count(session('1 hour', at)) FROM rides GROUP BY 1 | column 22: a session consists of several events: select `session('1 hour', at)` and group by it
            SELECT id, hop('1 hour', '1 minute', at) AS w FROM rides | column 12: each event is in several windows: select `hop('1 hour', '1 minute', at)` and group by it
            SELECT date_trunc('day', tumble('1 hour', at)) AS d, count(*) FROM rides GROUP BY d | column 8: `date_trunc('day', tumble('1 hour', at))` is computed from a window; group by `tumble('1 hour', at)` as it is, and compute with it in the SELECT or in a view over this one
            SELECT tumble('1 hour', at) AS h, tumble('1 day', at) AS d, count(*) FROM rides GROUP BY 1, 2 | column 35: a SELECT can be cut into one sort of windows; declare a view for each
            SELECT session('1 hour', at) AS s, count(DISTINCT ARRAY[vendor]) FROM rides GROUP BY s | column 36: `count(DISTINCT …)` of arrays isn't kept by session; count their text: `count(DISTINCT x::text)`
            SELECT vendor, count(*) FROM rides GROUP BY vendor, tumble('1 hour', at) | column 53: `tumble('1 hour', at)` is grouped by but not selected; select it, so that each row can be told from the others
            """)
    void a_window_that_cannot_be_kept_is_refused(String select, String message) {
        assertThatThrownBy(() -> new SqlFixture(database, STREAMS + select.indent(6), COLUMNS))
                .isInstanceOf(PipelineException.class)
                .hasMessageEndingWith(": " + message);
    }
}
