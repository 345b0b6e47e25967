package dev.leat.schema.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.leat.schema.types.avro.AvroCursor;
import dev.leat.schema.types.avro.UuidText;
import dev.leat.schema.types.codec.ValueCodec;
import dev.leat.schema.types.table.TypeTable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Values that have one form, and no other. */
class ValueFormsTest {

    private static final Schema UUID_TEXT = LogicalTypes.uuid().addToSchema(Schema.create(Schema.Type.STRING));

    @ParameterizedTest(name = "-Dleat.seed={0}")
    @MethodSource("dev.leat.Seeds#each")
    void a_text_is_the_uuid_that_is_written_as_that_text_or_is_refused(long seed) {
        Random random = new Random(seed);
        String alphabet = "0123456789abcdefABCDEFgx-{} ٣０é";
        for (int i = 0; i < 20_000; i++) {
            // Given
            StringBuilder text = new StringBuilder(new UUID(random.nextLong(), random.nextLong()).toString());
            for (int changes = random.nextInt(3); changes > 0; changes--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(4)) {
                    case 0 -> text.setCharAt(at, alphabet.charAt(random.nextInt(alphabet.length())));
                    case 1 -> text.deleteCharAt(at);
                    case 2 -> text.insert(at, alphabet.charAt(random.nextInt(alphabet.length())));
                    default -> text.insert(at, text.charAt(0)).deleteCharAt(random.nextInt(text.length()));
                }
            }

            // When
            Object read = read(UUID_TEXT, text.toString());

            // Then
            boolean isOne = text.toString().matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
            assertThat(read == null ? "refused" : read.toString())
                    .as(text.toString())
                    .isEqualTo(isOne ? text.toString().toLowerCase(java.util.Locale.ROOT) : "refused");
        }
    }

    @Test
    void shortened_groups_are_no_uuid() {
        for (String text :
                List.of("1-2-3-4-5", "", "0000000001-0002-0003-0004-00000000005", "1".repeat(36), "-".repeat(36))) {
            assertThat(read(UUID_TEXT, text)).as(text).isNull();
            assertThatThrownBy(() -> UuidText.parse(text)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** Null when it is refused. */
    private static Object read(Schema schema, String text) {
        AvroCursor in = new AvroCursor();
        in.reset(AvroBytes.of(Schema.create(Schema.Type.STRING), text), 0);
        try {
            return TypeTable.of(schema).read(in, schema);
        } catch (AvroCursor.Malformed e) {
            return null;
        }
    }

    @ParameterizedTest(name = "-Dleat.seed={0}")
    @MethodSource("dev.leat.Seeds#each")
    void a_decimal_is_written_in_digits_everywhere(long seed) throws Exception {
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            // Given
            BigDecimal value =
                    new BigDecimal(new BigInteger(random.nextInt(120), random), random.nextInt(120) - 40).negate();
            ValueCodec any = TypeTable.of(ColumnType.anyDecimal());
            Vector vector = new Vector(any.type(), 1);
            vector.append(value);

            // When, then
            String plain = value.toPlainString();
            assertThat(any.parameters(vector, new int[] {0})).containsExactly(plain);
            assertThat(any.inArray(value)).isEqualTo(plain);
            assertThat(any.toStored(value, null)).isEqualTo(plain);
            assertThat(new ObjectMapper().readTree(any.json(value)).asText()).isEqualTo(plain);
            assertThat(any.isSelectedAsText()).isTrue();
            assertThat(any.answer(plain)).isEqualTo(plain);
            assertThat(any.ofStored(plain, null)).isEqualTo(new BigDecimal(plain));
        }
    }

    @Test
    void a_billionth_is_not_written_with_an_exponent() {
        ValueCodec fixed = TypeTable.of(ColumnType.decimal(20, 9));

        assertThat(fixed.inArray(new BigDecimal("1E-9"))).isEqualTo("0.000000001");
        assertThat(fixed.json(new BigDecimal("1E-9"))).isEqualTo("\"0.000000001\"");
    }

    @Test
    void a_text_that_is_not_utf8_is_told_from_one_that_is() {
        // Given
        byte[] illFormed = {'a', (byte) 0xff, (byte) 0xc3};
        Vector texts = new Vector(ColumnType.of(ColumnType.Kind.STRING), 1);
        texts.appendUtf8(illFormed, 0, 3);
        texts.appendUtf8("größe".getBytes(StandardCharsets.UTF_8), 0, 7);

        // When, then
        assertThat(texts.areWellFormed(0, 1)).isFalse();
        assertThat(texts.areWellFormed(1, 2)).isTrue();
        assertThat(texts.areWellFormed(0, 2)).isFalse();
    }
}
