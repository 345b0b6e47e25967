package dev.leat.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.PipelineFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pages' blocks say can be parsed, and what their commands name exists. */
class BlocksTest {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final Set<String> PHASES = Set.of("test", "test-compile", "package", "verify");
    private static final Set<String> PLUGINS = Set.of("quarkus:dev", "spotless:apply");
    /** Maven's own, and those of its plugins. */
    private static final Set<String> PROPERTIES = Set.of("skipTests", "test", "it.test");

    @TempDir
    private Path folder;

    static List<Block> pipelines() {
        return Block.all("yaml");
    }

    static List<Block> json() {
        return Block.all("json");
    }

    static List<Block> java() {
        return Block.all("java");
    }

    static List<Command> commands() {
        return Command.all();
    }

    @ParameterizedTest
    @MethodSource("pipelines")
    void a_pipeline_is_one(Block block) throws IOException {
        Path file = folder.resolve("pipeline.yaml");
        Files.writeString(file, block.mark("with").isPresent() ? PagePipelines.withTaxi(List.of(block)) : block.text());

        Pipeline pipeline = PipelineFiles.read(file.toString());

        assertThat(pipeline.streams()).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("json")
    void json_is_json(Block block) throws IOException {
        assertThat(JSON.readTree(block.text())).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("java")
    void java_is_what_its_source_says(Block block) throws IOException {
        String source = Files.readString(Path.of(block.mark("from").orElseThrow()));

        assertThat(block.text().lines().map(String::strip).filter(line -> !line.equals("…")))
                .allSatisfy(line -> assertThat(source).contains(line));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void what_a_command_names_exists(Command command) throws IOException {
        switch (command.program()) {
            case "./mvnw" -> maven(command);
            case "java" -> settings(command);
            // RunningPagesTest sends it
            case "curl" -> assertThat(command.arguments()).anyMatch(a -> a.startsWith("localhost:8080"));
            case "kubectl" -> {
                assertThat(command.arguments().subList(0, 2)).containsExactly("apply", "-f");
                String made = command.arguments().get(2);
                assertThat(made).startsWith("target/kubernetes/");
                assertThat(Path.of(
                                "src/main/kubernetes",
                                Path.of(made).getFileName().toString()))
                        .exists();
            }
            default -> throw new AssertionError("nothing is known of the command " + command);
        }
    }

    private static void maven(Command command) throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        for (String argument : command.arguments()) {
            if (argument.startsWith("antrun:run@")) {
                assertThat(pom).contains("<id>" + argument.substring(argument.indexOf('@') + 1) + "</id>");
            } else if (!argument.startsWith("-") && !PHASES.contains(argument)) {
                assertThat(PLUGINS).as("%s", command).contains(argument);
                assertThat(pom).contains("<artifactId>" + argument.split(":")[0] + "-maven-plugin</artifactId>");
            }
        }
        settings(command);
    }

    private static void settings(Command command) throws IOException {
        for (String argument : command.arguments()) {
            if (argument.startsWith("-D")) {
                String[] setting = argument.substring(2).split("=", 2);
                assertThat(isKnown(setting[0]))
                        .as("%s of %s", setting[0], command)
                        .isTrue();
                if (setting[0].endsWith("test") && setting.length == 2) {
                    assertThat(setting[1].split(","))
                            .allSatisfy(name -> assertThat(Sources.classes().contains(name))
                                    .as("%s of %s", name, command)
                                    .isTrue());
                }
            }
        }
    }

    private static boolean isKnown(String property) throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        return PROPERTIES.contains(property)
                || property.matches("(quarkus|kafka|mp\\.messaging)\\..*")
                || Keys.all().containsKey(property)
                || Sources.isNamedInTests(property)
                || Pattern.compile("<name>" + property + "</name>|<" + property + ">|\\$\\{" + property + "}")
                        .matcher(pom)
                        .find();
    }

    @Test
    void the_shell_blocks_are_found() {
        assertThat(commands()).hasSizeGreaterThan(30);
        assertThat(pipelines()).hasSizeGreaterThan(10);
    }
}
