package dev.leat.schema.types;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TextsTest {

    private static final byte[] CUT = {'a', (byte) 0xe6, (byte) 0xbc}; // the third byte of a character is missing

    private final Vector texts = new Vector(ColumnType.of(ColumnType.Kind.STRING), 1);

    @Test
    void texts_that_were_decoded_and_texts_that_were_given_stand_in_one_column() {
        // Given
        append("a");
        texts.append((Object) "é");
        texts.appendNull();
        texts.append((Object) "");
        append("漢字");

        // When, Then
        assertThat(texts.objectAt(0)).isEqualTo("a");
        assertThat(texts.objectAt(1)).isEqualTo("é");
        assertThat(texts.objectAt(2)).isNull();
        assertThat(texts.objectAt(3)).isEqualTo("");
        assertThat(texts.objectAt(4)).isEqualTo("漢字").isSameAs(texts.objectAt(4));
        assertThat(texts.utf8At(0)).containsExactly('a');
        assertThat(texts.utf8At(1)).isEqualTo("é".getBytes(StandardCharsets.UTF_8));
        assertThat(texts.utf8At(3)).isEmpty();
        assertThat(texts.utf8At(4)).isEqualTo("漢字".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void utf8_is_well_formed_whatever_was_decoded() {
        // Given
        texts.appendUtf8(CUT, 0, CUT.length);

        // When, Then
        assertThat(texts.utf8At(0)).isEqualTo("a\ufffd".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void what_was_asked_for_before_rows_were_dropped_is_not_given_for_those_that_came_behind() {
        // Given
        append("kept");
        texts.append((Object) "dropped");
        append("dropped too");
        assertThat(texts.objectAt(2)).isEqualTo("dropped too");

        // When
        texts.truncate(1);
        append("then");
        texts.append((Object) "there");
        texts.appendNull();

        // Then
        assertThat(texts.size()).isEqualTo(4);
        assertThat(texts.objectAt(0)).isEqualTo("kept");
        assertThat(texts.objectAt(1)).isEqualTo("then");
        assertThat(texts.objectAt(2)).isEqualTo("there");
        assertThat(texts.objectAt(3)).isNull();
    }

    @Test
    void some_rows_of_another_column_keep_their_texts() {
        // Given
        Vector other = new Vector(ColumnType.of(ColumnType.Kind.STRING), 1);
        byte[] utf8 = "decoded".getBytes(StandardCharsets.UTF_8);
        other.appendUtf8(utf8, 0, utf8.length);
        other.appendNull();
        other.append((Object) "left out");
        other.append((Object) "given");

        // When
        texts.appendAll(other, new int[] {0, 1, 3});

        // Then
        assertThat(texts.valueAt(0)).isEqualTo("decoded");
        assertThat(texts.valueAt(1)).isNull();
        assertThat(texts.valueAt(2)).isEqualTo("given");
    }

    @Test
    void many_texts_after_a_few_long_ones_have_room() {
        // Given
        Vector many = new Vector(ColumnType.of(ColumnType.Kind.STRING), 10_000);
        byte[] utf8 = "x".repeat(100_000).getBytes(StandardCharsets.UTF_8);

        // When
        for (int row = 0; row < 20_000; row++) {
            many.appendUtf8(utf8, 0, row < 20 ? utf8.length : row % 7);
        }

        // Then
        assertThat((String) many.objectAt(19)).hasSize(100_000);
        for (int row = 20; row < 20_000; row++) {
            assertThat((String) many.objectAt(row)).hasSize(row % 7);
        }
    }

    private void append(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        texts.appendUtf8(utf8, 0, utf8.length);
    }
}
