package dev.leat.pipeline;

import java.util.HashMap;
import java.util.Map;

/**
 * Where the settings of a stream or a view are in the pipeline's files, for whoever finds out later that one can't be as it
 * is.
 *
 * @param path as {@code streams.rides}
 * @param lines file and line of each setting that is declared, and of the whole under {@code ""}
 */
public record Places(String path, Map<String, String> lines) {

    /** Of what no file declares. */
    static Places none(String path) {
        return new Places(path, Map.of());
    }

    static Places of(YamlElement element, Map<String, YamlElement> settings) {
        Map<String, String> lines = new HashMap<>();
        lines.put("", element.place());
        settings.forEach((name, setting) -> lines.put(name, setting.place()));
        return new Places(element.path(), Map.copyOf(lines));
    }

    /** File, line and path of a setting: {@code pipeline.yaml:7: streams.rides.key}. One that isn't declared is where the whole is. */
    public String of(String setting) {
        int dot = setting.indexOf('.');
        String line = lines.getOrDefault(dot < 0 ? setting : setting.substring(0, dot), lines.get(""));
        String where = setting.isEmpty() ? path : path + "." + setting;
        return line == null ? where : line + ": " + where;
    }
}
