package dev.leat.lake.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.lake.write.LakeFixture;
import dev.leat.pipeline.Stream;
import dev.leat.schema.topic.AvroRows;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.Shape;
import dev.leat.schema.types.TypeSamples;
import dev.leat.schema.types.TypeSamples.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.Type;
import org.junit.jupiter.api.Test;

/** The table of types on its page is what the type table says. */
class TypeTableTest {

    private static final Path PAGE = Path.of("docs/contracts-and-types.md");
    private static final String BEGIN = "<!-- types: written by TypeTableTest -->\n";
    private static final String END = "<!-- end of types -->";
    private static final Stream STREAM = LakeFixture.stream(Stream.PartitionBy.NONE, 1_000);

    @Test
    void the_page_has_the_table_of_types() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END);
        if (Boolean.getBoolean("leat.write-docs")) {
            Files.writeString(PAGE, page.substring(0, begin) + table() + page.substring(end));
            return;
        }
        assertThat(page.substring(begin, end))
                .as("the table of types on its page; write it again with"
                        + " `./mvnw test -Dtest=TypeTableTest -Dleat.write-docs=true`")
                .isEqualTo(table());
    }

    private static String table() {
        StringBuilder table =
                new StringBuilder("| Avro | Postgres | Parquet | JSON | GraphQL |\n|---|---|---|---|---|\n");
        for (Sample sample : TypeSamples.all()) {
            if (sample.isDocumented()) {
                Shape shape = new AvroRows(STREAM).rows(sample.records()).shape();
                ColumnType type = shape.column("v").type();
                Type parquet = ParquetBuilder.parquet(FileColumns.of("t", shape).schema())
                        .getType("v");
                table.append("| %s | `%s` | %s | %s | `%s` |%n"
                        .formatted(
                                sample.avro(),
                                type.postgres(),
                                parquet(parquet),
                                type.kind().json(),
                                type.graphql())
                        .replace(System.lineSeparator(), "\n"));
            }
        }
        return table.toString();
    }

    private static String parquet(Type type) {
        LogicalTypeAnnotation annotation = type.getLogicalTypeAnnotation();
        if (type.isPrimitive()) {
            String primitive =
                    type.asPrimitiveType().getPrimitiveTypeName().name().toLowerCase(java.util.Locale.ROOT);
            return "`" + primitive + (annotation == null ? "" : " " + annotation) + "`";
        }
        GroupType group = type.asGroupType();
        if (annotation == null) {
            return "struct, a nullable member for each branch";
        }
        GroupType repeated = group.getType(0).asGroupType();
        return "`" + annotation + "` of " + parquet(repeated.getType(repeated.getFieldCount() - 1));
    }
}
