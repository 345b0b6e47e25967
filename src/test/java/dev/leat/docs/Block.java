package dev.leat.docs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A block of code.
 *
 * @param line where it begins, from 1
 * @param language {@code yaml}, {@code shell} and so on
 * @param marks what stands behind the language, as {@code file=orders/pipeline.yaml}
 */
record Block(Page page, int line, String language, Map<String, String> marks, String text) {

    static Block of(Page page, int line, String info, List<String> lines) {
        String[] words = info.split(" ");
        Map<String, String> marks = new LinkedHashMap<>();
        for (int i = 1; i < words.length; i++) {
            String[] mark = words[i].split("=", 2);
            marks.put(mark[0], mark.length == 2 ? mark[1] : "");
        }
        return new Block(page, line, words[0], marks, String.join("\n", lines) + "\n");
    }

    /** Of all pages. */
    static List<Block> all(String language) {
        return Page.all().stream()
                .flatMap(page -> page.blocks().stream())
                .filter(block -> block.language().equals(language))
                .toList();
    }

    Optional<String> mark(String name) {
        return Optional.ofNullable(marks.get(name));
    }

    @Override
    public String toString() {
        return page + ":" + line;
    }
}
