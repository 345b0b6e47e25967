package dev.leat.docs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The pages' pipelines, put together with what their blocks name but don't declare. */
final class PagePipelines {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final List<Path> TAXI =
            List.of(Path.of("src/main/resources/taxi/pipeline.yaml"), Path.of("src/test/resources/docs/taxi.yaml"));

    private PagePipelines() {}

    /**
     * The taxi pipeline with the block's views; one of the same name is the block's.
     *
     * @return a pipeline file's text
     */
    static String withTaxi(List<Block> blocks) throws IOException {
        ObjectNode pipeline = YAML.createObjectNode();
        for (Path file : TAXI) {
            merge(pipeline, YAML.readTree(Files.readString(file)));
        }
        for (Block block : blocks) {
            merge(pipeline, YAML.readTree(block.text()));
        }
        return text(pipeline);
    }

    /** Blocks {@code with=taxi} of all pages. */
    static List<Block> taxiBlocks() {
        return Block.all("yaml").stream()
                .filter(block -> block.mark("with").isPresent())
                .toList();
    }

    private static void merge(ObjectNode into, JsonNode from) {
        for (String part : List.of("streams", "views")) {
            JsonNode declared = from.get(part);
            if (declared != null) {
                into.withObject("/" + part).setAll((ObjectNode) declared);
            }
        }
    }

    private static String text(ObjectNode pipeline) throws JsonProcessingException {
        return YAML.writeValueAsString(pipeline);
    }
}
