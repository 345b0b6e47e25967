package dev.leat.schema.types.table;

import java.io.StringWriter;
import java.util.function.LongConsumer;

/** Collects a text that a record becomes. It is counted before it is kept, piece by piece. */
final class BoundedText extends StringWriter {

    private final LongConsumer count;

    /** @param count is told how many characters come, and throws when they are too many */
    BoundedText(LongConsumer count) {
        this.count = count;
    }

    @Override
    public void write(int c) {
        count.accept(1);
        super.write(c);
    }

    @Override
    public void write(char[] piece, int from, int length) {
        count.accept(length);
        super.write(piece, from, length);
    }

    @Override
    public void write(String text) {
        count.accept(text.length());
        super.write(text);
    }

    @Override
    public void write(String text, int from, int length) {
        count.accept(length);
        super.write(text, from, length);
    }
}
