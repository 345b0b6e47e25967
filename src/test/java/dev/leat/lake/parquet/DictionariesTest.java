package dev.leat.lake.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.lake.write.LakeFixture;
import dev.leat.lake.write.LakeWriter;
import dev.leat.pipeline.Stream;
import dev.leat.schema.types.ColumnRows;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import java.nio.file.Path;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DictionariesTest {

    private static final Shape SHAPE = ColumnRows.shape(
            ColumnRows.column("id", Kind.STRING),
            ColumnRows.column("vendor", Kind.STRING),
            ColumnRows.column("nothing", Kind.STRING));
    private static final String ENCODINGS =
            "SELECT string_agg(encodings, '|' ORDER BY file_name) FROM (SELECT file_name,"
                    + " encodings FROM parquet_metadata([%s]) WHERE path_in_schema = '%s')";

    @TempDir
    Path location;

    private final Stream stream = LakeFixture.stream(Stream.PartitionBy.NONE, Dictionaries.TELLING_ROWS);
    private LakeFixture lake;
    private LakeWriter writer;
    private long next;

    @Test
    void a_column_whose_values_hardly_repeat_goes_without_one_in_the_next_files_until_it_is_tried_again()
            throws Exception {
        // Given
        lake = new LakeFixture(location);
        writer = lake.open(stream);

        // When
        for (int file = 0; file < Dictionaries.FILES + 1; file++) {
            write(Dictionaries.TELLING_ROWS, offset -> file(offset) == Dictionaries.FILES ? "same" : "id " + offset);
        }

        // Then
        assertThat(lake.query("SELECT count(*) FROM LAKE")).containsExactly("210000");
        assertThat(lake.query("SELECT count(DISTINCT id) FROM LAKE")).containsExactly("200001");
        assertThat(encodings("id", 1)).doesNotContain("DICTIONARY");
        assertThat(encodings("id", Dictionaries.FILES)).contains("DICTIONARY");
        assertThat(encodings("vendor", 1)).contains("DICTIONARY");
        assertThat(encodings("_offset", 0)).doesNotContain("DICTIONARY");
    }

    @Test
    void a_small_file_says_nothing() throws Exception {
        // Given
        lake = new LakeFixture(location);
        writer = lake.open(stream);
        write(1, offset -> "id");
        writer.roll();

        // When
        write(Dictionaries.TELLING_ROWS, offset -> "same");

        // Then
        assertThat(encodings("id", 1)).contains("DICTIONARY");
    }

    @Test
    void a_file_without_a_value_says_nothing() throws Exception {
        // Given
        lake = new LakeFixture(location);
        writer = lake.open(stream);
        write(Dictionaries.TELLING_ROWS, offset -> "same");

        // When
        write(Dictionaries.TELLING_ROWS, offset -> "same");

        // Then
        assertThat(encodings("nothing", 0)).doesNotContain("DICTIONARY");
        assertThat(encodings("nothing", 1)).contains("DICTIONARY");
    }

    private static long file(long offset) {
        return offset / Dictionaries.TELLING_ROWS;
    }

    private String encodings(String column, int file) throws Exception {
        Path path = location.resolve(lake.manifest.entries.get(file).path());
        return lake.query(ENCODINGS.formatted("'" + path + "'", column)).getFirst();
    }

    private void write(int count, LongFunction<String> id) throws Exception {
        ColumnRows rows = new ColumnRows(stream, SHAPE, 0);
        for (int i = 0; i < count; i++, next++) {
            rows.add(next, 0, id.apply(next), "vendor " + next % 5, file(next) == 0 ? null : "later");
        }
        Rows built = rows.build();
        writer.take(built, next);
    }
}
