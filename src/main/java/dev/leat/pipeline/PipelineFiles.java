package dev.leat.pipeline;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Finds and reads the pipeline's files. A location is a file, a folder (all its {@code *.yaml} and {@code *.yml}, by
 * name, as one pipeline) or {@code classpath:} and a resource.
 */
public final class PipelineFiles {

    private static final String CLASSPATH = "classpath:";

    private PipelineFiles() {}

    /** @throws PipelineException when there is no such file or what it declares can't be run */
    public static Pipeline read(String location) {
        PipelineParser parser = new PipelineParser();
        if (location.startsWith(CLASSPATH)) {
            parser.add(readResource(location.substring(CLASSPATH.length())));
        } else {
            files(Path.of(location)).forEach(file -> parser.add(readFile(file)));
        }
        return parser.build();
    }

    private static List<Path> files(Path location) {
        if (!Files.isDirectory(location)) {
            return List.of(location);
        }
        try (var listed = Files.list(location)) {
            List<Path> files = listed.filter(f -> f.toString().matches(".*\\.ya?ml"))
                    .sorted()
                    .toList();
            if (files.isEmpty()) {
                throw new PipelineException(
                        location.toString(),
                        0,
                        "",
                        "the folder holds no .yaml file; `leat.pipeline` names a file or a folder with some");
            }
            return files;
        } catch (IOException e) {
            throw unreadable(location.toString(), e);
        }
    }

    private static YamlElement readFile(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new PipelineException(
                    file.toString(), 0, "", "there is no such file; `leat.pipeline` names a file or a folder");
        }
        try (Reader reader = Files.newBufferedReader(file)) {
            return YamlElement.read(file.toString(), reader);
        } catch (IOException e) {
            throw unreadable(file.toString(), e);
        }
    }

    private static YamlElement readResource(String resource) {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        try (InputStream in = loader.getResourceAsStream(resource)) {
            if (in == null) {
                throw new PipelineException(
                        CLASSPATH + resource,
                        0,
                        "",
                        "there is no such resource; `leat.pipeline` names one that is on the class path, a file or a folder");
            }
            return YamlElement.read(CLASSPATH + resource, new InputStreamReader(in, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw unreadable(resource, e);
        }
    }

    private static PipelineException unreadable(String file, IOException e) {
        return new PipelineException(file, 0, "", "can't be read: " + e.getMessage());
    }
}
