package dev.leat.view.sql.delta.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.pipeline.sql.Query.Call;
import dev.leat.pipeline.sql.Query.Select;
import dev.leat.pipeline.sql.QueryParser;
import dev.leat.view.sql.delta.text.Aggregates.InParts;
import dev.leat.view.sql.delta.text.Aggregates.Texted;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AggregatesTest {

    private static Optional<InParts> inParts(String aggregate, String type) {
        String text = "SELECT " + aggregate + " FROM t";
        Call call = ((Select) QueryParser.parse(text)).called().getFirst();
        Texted texted = new Texted(
                call.arguments().map(a -> text.substring(a.begin(), a.end())).orElse("*"),
                call.filter().map(f -> text.substring(f.begin(), f.end())));
        return Aggregates.inParts(call, type, 1, texted);
    }

    @Test
    void a_mean_is_the_sum_of_sums_by_the_sum_of_counts() {
        assertThat(inParts("avg(n)", "numeric"))
                .hasValue(new InParts(
                        Optional.of("n"),
                        Map.of("_s1", "sum(\"_a1\")", "_n1", "count(\"_a1\")"),
                        "(sum(\"_s1\")::numeric / nullif(sum(\"_n1\"), 0))"));
    }

    @Test
    void a_count_of_nothing_is_0_and_its_filter_is_each_rows() {
        assertThat(inParts("count(*) FILTER (WHERE n > 1)", "bigint"))
                .hasValue(new InParts(
                        Optional.of("CASE WHEN n > 1 THEN 1 END"),
                        Map.of("_s1", "count(\"_a1\")"),
                        "coalesce(sum(\"_s1\"), 0)::bigint"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sum(n) | double precision",
                "avg(n) | double precision",
                "count(DISTINCT n) | bigint",
                "max(n ORDER BY n) | bigint",
                "array_agg(n) | bigint[]",
                "percentile_cont(0.5) WITHIN GROUP (ORDER BY n) | double precision"
            })
    void what_depends_on_the_order_or_on_all_values_has_no_parts(String aggregate, String type) {
        assertThat(inParts(aggregate, type)).isEmpty();
    }
}
