package dev.leat.pipeline.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeExpressionParserTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            at                                                   | at
            "at"                                                 | at
            größe                                                | größe
            _timestamp                                           | _timestamp
            to_timestamp(at)                                     | to_timestamp(at)
            TO_TIMESTAMP( at / 1000.0 )                          | to_timestamp(at / 1000)
            to_timestamp(at / 1_000_000)                         | to_timestamp(at / 1000000)
            to_timestamp(at/1000000000)                          | to_timestamp(at / 1000000000)
            at at time zone 'Europe/Amsterdam'                   | at AT TIME ZONE 'Europe/Amsterdam'
            coalesce(at, created_at)                             | coalesce(at, created_at)
            COALESCE(at, to_timestamp(ms / 1000), _timestamp)    | coalesce(at, to_timestamp(ms / 1000), _timestamp)
            coalesce(at)                                         | at
            at + interval '1 hour 30 minutes'                    | at + interval '5400000000 microseconds'
            (at - interval '5m') + INTERVAL '1 day'              | at - interval '300000000 microseconds' + interval '86400000000 microseconds'
            coalesce(a, b) - interval '2 weeks'                  | coalesce(a, b) - interval '1209600000000 microseconds'
            """)
    void what_can_be_evaluated_in_the_process_is_read(String sql, String same) {
        TimeExpression time = TimeExpressionParser.parse(sql);

        assertThat(time.text()).isEqualTo(same);
        assertThat(TimeExpressionParser.parse(same)).isEqualTo(time);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            lower(at)                      | 0  | didn't expect `lower` here; possible are a field
            now()                          | 0  | didn't expect `now` here; possible are
            at::timestamptz                | 2  | didn't expect `:` here
            to_timestamp(at / 60)          | 18 | didn't expect `60` here
            to_timestamp(at * 1000)        | 16 | didn't expect `*` here
            to_timestamp(at, 'YYYY')       | 15 | didn't expect `,` here
            a.b                            | 1  | didn't expect `.` here
            coalesce(at                    | 11 | it ends too early
            coalesce()                     | 9  | didn't expect `)` here
            at + created_at                | 5  | didn't expect `created_at` here
            at + interval '1 month'        | 14 | `1 month` is no length; write so many weeks
            at + interval '1 hour, please' | 14 | `1 hour, please` is no length
            at + interval '36526 days'     | 14 | `36526 days` is no length
            at + interval 1                | 14 | `1` is no length
            at at time zone 'Mars/Base'    | 16 | `Mars/Base` is no time zone; write its name, as 'Europe/Amsterdam'
            case when a then b end         | 5  | didn't expect `when` here
            at; DROP TABLE leat.checkpoint | 2  | didn't expect `;` here
            """)
    void the_rest_is_refused_with_its_place_and_what_is_possible(String sql, int offset, String problem) {
        assertThatThrownBy(() -> TimeExpressionParser.parse(sql)).isInstanceOfSatisfying(NoTimeExpression.class, e -> {
            assertThat(e.getMessage()).startsWith(problem);
            assertThat(e.offset()).isEqualTo(offset);
        });
    }
}
