package dev.leat.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A page in Markdown: its text, its headings and its blocks of code. */
record Page(Path path, String text) {

    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.+?) *$");
    private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```$");

    /** README, CONTRIBUTING, CHANGELOG and all below {@code docs}. */
    static List<Page> all() {
        try (Stream<Path> docs = Files.walk(Path.of("docs"))) {
            return Stream.concat(
                            Stream.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
                                    .map(Path::of),
                            docs.filter(file -> file.toString().endsWith(".md")).sorted())
                    .map(Page::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Page read(Path path) {
        try {
            return new Page(path, Files.readString(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Without its blocks of code. */
    String prose() {
        return CODE.matcher(text).replaceAll("");
    }

    List<String> headings() {
        return HEADING.matcher(prose()).results().map(found -> found.group(1)).toList();
    }

    /** As GitHub makes them of headings. */
    Set<String> anchors() {
        Set<String> anchors = new HashSet<>();
        for (String heading : headings()) {
            anchors.add(heading.toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N} _-]", "")
                    .replace(' ', '-'));
        }
        return anchors;
    }

    /** What stands between backticks, outside of blocks. */
    List<String> spans() {
        return Pattern.compile("`([^`\n]+)`")
                .matcher(prose())
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    /** What links lead to. */
    List<String> links() {
        return Pattern.compile("\\]\\(([^)\\s]+)\\)")
                .matcher(prose())
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }

    List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            if (lines[i].startsWith("```")) {
                int begin = i + 1;
                do {
                    i++;
                } while (!lines[i].equals("```"));
                blocks.add(Block.of(
                        this,
                        begin,
                        lines[begin - 1].substring(3),
                        List.of(lines).subList(begin, i)));
            }
        }
        return blocks;
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
