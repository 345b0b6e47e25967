package dev.leat.schema.types;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.Seeds;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against the JDK's decoder. */
class Utf8Test {

    private static boolean isUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static void assertSame(byte[] bytes) {
        assertThat(Utf8.isWellFormed(bytes, 0, bytes.length))
                .as(HexFormat.of().formatHex(bytes))
                .isEqualTo(isUtf8(bytes));
    }

    @Test
    void all_sequences_of_two_bytes_are_told_apart() {
        for (int i = 0; i < 1 << 16; i++) {
            assertSame(new byte[] {(byte) (i >> 8), (byte) i});
        }
    }

    @Test
    void sequences_at_the_limits_are_told_apart() {
        int[] limits = {
            0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF,
            0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF
        };
        for (int a : limits) {
            for (int b : limits) {
                for (int c : limits) {
                    assertSame(new byte[] {(byte) a, (byte) b, (byte) c});
                    for (int d : limits) {
                        assertSame(new byte[] {(byte) a, (byte) b, (byte) c, (byte) d});
                    }
                }
            }
        }
    }

    @Test
    void texts_with_a_wrong_byte_are_told_apart() {
        Random random = new Random(Seeds.first());
        for (int i = 0; i < 20_000; i++) {
            byte[] text = random.ints(8, 0, Character.MAX_CODE_POINT + 1)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString()
                    .getBytes(StandardCharsets.UTF_8);
            assertSame(text);
            text[random.nextInt(text.length)] = (byte) random.nextInt();
            assertSame(text);
        }
    }

    @Test
    void only_the_bytes_within_are_looked_at() {
        byte[] bytes = {(byte) 0xFF, 'a', (byte) 0xC3, (byte) 0xA9, (byte) 0xFF};

        assertThat(Utf8.isWellFormed(bytes, 1, 4)).isTrue();
        assertThat(Utf8.isWellFormed(bytes, 1, 3)).isFalse();
        assertThat(Utf8.isWellFormed(bytes, 1, 1)).isTrue();
    }
}
