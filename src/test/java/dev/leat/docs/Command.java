package dev.leat.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One command of a block in {@code shell}.
 *
 * @param words as a shell would split it
 */
record Command(Block block, List<String> words) {

    /** Of all pages, in their order. */
    static List<Command> all() {
        return Block.all("shell").stream().flatMap(Command::of).toList();
    }

    static Stream<Command> of(Block block) {
        return block.text()
                .replace("\\\n", " ")
                .lines()
                .map(Command::split)
                .filter(words -> !words.isEmpty())
                .map(words -> new Command(block, words));
    }

    String program() {
        return words.getFirst();
    }

    List<String> arguments() {
        return words.subList(1, words.size());
    }

    /** Quotes and comments, and nothing else that a shell knows. */
    private static List<String> split(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = null;
        char quote = 0;
        for (char c : line.toCharArray()) {
            if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == '#' && word == null) {
                break;
            } else if (c == '\'' || c == '"') {
                quote = c;
                word = word == null ? new StringBuilder() : word;
            } else if (c == ' ') {
                if (word != null) {
                    words.add(word.toString());
                }
                word = null;
            } else {
                word = word == null ? new StringBuilder() : word;
                word.append(c);
            }
        }
        if (word != null) {
            words.add(word.toString());
        }
        return words;
    }

    @Override
    public String toString() {
        return block + " " + String.join(" ", words);
    }
}
