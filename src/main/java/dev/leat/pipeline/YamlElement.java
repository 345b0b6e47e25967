package dev.leat.pipeline;

import java.io.Reader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** A node of a YAML file that knows its place, so that every complaint can name file, line and path. */
final class YamlElement {

    private final String file;
    private final String path;
    private final Node node;

    private YamlElement(String file, String path, Node node) {
        this.file = file;
        this.path = path;
        this.node = node;
    }

    static YamlElement read(String file, Reader reader) {
        try {
            Node root = new Yaml(new LoaderOptions()).compose(reader);
            if (root == null) {
                throw new PipelineException(file, 1, "", "the file is empty; expected `streams:` and `views:`");
            }
            return new YamlElement(file, "", root);
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
            throw new PipelineException(file, line, "", "not valid YAML: " + e.getProblem());
        }
    }

    String path() {
        return path;
    }

    String name() {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    /** Its file and line, as {@code pipeline.yaml:7}. */
    String place() {
        return file + ":" + (node.getStartMark().getLine() + 1);
    }

    PipelineException complaint(String problem) {
        return new PipelineException(file, node.getStartMark().getLine() + 1, path, problem);
    }

    /** The entries of a mapping, in the order of the file. A name that occurs twice is refused. */
    Map<String, YamlElement> entries(String expected) {
        if (!(node instanceof MappingNode mapping)) {
            throw complaint("expected " + expected + ", found " + found());
        }
        Map<String, YamlElement> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw complaint("expected a plain name before `:`");
            }
            YamlElement value = new YamlElement(
                    file, path.isEmpty() ? key.getValue() : path + "." + key.getValue(), tuple.getValueNode());
            if (entries.put(key.getValue(), value) != null) {
                throw value.complaint("stands twice; keep one");
            }
        }
        return entries;
    }

    /** The entries of a mapping of which only these names are known. */
    Map<String, YamlElement> entries(String expected, Set<String> known) {
        Map<String, YamlElement> entries = entries(expected);
        entries.forEach((name, value) -> {
            if (!known.contains(name)) {
                throw value.complaint("unknown; expected one of " + String.join(", ", known));
            }
        });
        return entries;
    }

    String text(String expected) {
        if (!(node instanceof ScalarNode scalar) || scalar.getValue().isBlank()) {
            throw complaint("expected " + expected + ", found " + found());
        }
        return scalar.getValue().strip();
    }

    /** One text, or a list of them. */
    List<String> texts(String expected) {
        if (!(node instanceof SequenceNode sequence)) {
            return List.of(text(expected));
        }
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < sequence.getValue().size(); i++) {
            texts.add(new YamlElement(
                            file, path + "[" + i + "]", sequence.getValue().get(i))
                    .text(expected));
        }
        if (texts.isEmpty()) {
            throw complaint("expected " + expected + ", found an empty list");
        }
        return List.copyOf(texts);
    }

    /** A text of several lines that knows its place in the file. */
    SqlText sql(String expected) {
        String text = text(expected);
        // A block begins in the line after its mark.
        boolean block = node instanceof ScalarNode scalar
                && (scalar.getScalarStyle() == DumperOptions.ScalarStyle.LITERAL
                        || scalar.getScalarStyle() == DumperOptions.ScalarStyle.FOLDED);
        return new SqlText(text, file, node.getStartMark().getLine() + (block ? 2 : 1), path);
    }

    boolean isMapping() {
        return node instanceof MappingNode;
    }

    private String found() {
        return switch (node) {
            case ScalarNode scalar when scalar.getValue().isBlank() -> "nothing";
            case ScalarNode scalar -> "`" + scalar.getValue() + "`";
            case SequenceNode ignored -> "a list";
            case MappingNode ignored -> "a mapping";
            default -> "something else";
        };
    }
}
