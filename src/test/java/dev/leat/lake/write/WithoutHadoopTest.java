package dev.leat.lake.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.lake.parquet.Compression;
import dev.leat.lake.parquet.FileFormat;
import dev.leat.lake.read.LakeScan;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.Stream.PartitionBy;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WithoutHadoopTest {

    @TempDir
    Path location;

    @ParameterizedTest
    @EnumSource
    void a_file_is_written_where_no_hadoop_is_on_the_class_path(Compression compression) throws Exception {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("hadoop-client"))
                .collect(Collectors.joining(File.pathSeparator));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath,
                        Child.class.getName(),
                        location.toString(),
                        compression.name())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(output).endsWith("written: e0|e1|e2\nread back: 3\n");
    }

    @Test
    void hadoop_is_on_the_class_path_of_tests_so_that_leaving_it_out_means_something() {
        assertThat(ClassLoader.getSystemResource(Child.HADOOP)).isNotNull();
    }

    /** The process without Hadoop. */
    static final class Child {
        static final String HADOOP = "org/apache/hadoop/conf/Configuration.class";

        public static void main(String[] args) throws Exception {
            if (ClassLoader.getSystemResource(HADOOP) != null) {
                System.out.println("Hadoop is here");
                return;
            }
            Stream stream = LakeFixture.stream(PartitionBy.DAY, 1_000);
            LakeFixture lake = new LakeFixture(Path.of(args[0]));
            lake.format = new FileFormat(Compression.valueOf(args[1]), 3, 1 << 20);
            LakeWriter writer = lake.open(stream);
            writer.take(LakeFixture.events(stream, 0, 3), 3);
            writer.roll();
            System.out.println("written: " + lake.names());
            try (LakeScan scan =
                    new LakeScan(stream, 0, LakeFixture.NAMES, 0, 3, lake.folder, List.copyOf(lake.manifest.entries))) {
                System.out.println("read back: " + scan.next(10).size());
            }
        }
    }
}
