package dev.leat.schema.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class RecordsTest {

    private static final List<ConsumerRecord<byte[], byte[]>> ORIGINALS = List.of(
            record(10, "k0", "v0", new RecordHeaders()),
            record(11, null, "v1", new RecordHeaders().add("a", bytes("1")).add("a", bytes("2"))),
            record(15, "k2", null, new RecordHeaders().add("none", null)),
            record(16, "", "", new RecordHeaders()),
            record(17, null, null, new RecordHeaders()),
            record(20, "k5", "a longer value", new RecordHeaders().add("b", new byte[0])));

    @Test
    void a_record_is_given_back_as_it_was() {
        assertAreTheOriginals(Records.of(ORIGINALS), 0);
    }

    @Test
    void shifted_ones_are_the_same_at_higher_offsets_however_they_are_cut_and_joined() {
        // When
        Records shifted = Records.of(ORIGINALS).shifted(1_000_000);
        Records joined = Records.together(List.of(shifted.slice(0, 2), shifted.slice(2, 6)));

        // Then
        for (Records records : List.of(shifted, joined)) {
            assertThat(IntStream.range(0, records.size()).mapToLong(records::offset))
                    .containsExactly(1_000_010L, 1_000_011L, 1_000_015L, 1_000_016L, 1_000_017L, 1_000_020L);
            assertThat(records.next()).isEqualTo(1_000_021L);
            assertThat(records.firstAtOrAbove(1_000_012)).isEqualTo(2);
            assertThat(records.firstAtOrAbove(12)).isZero();
            assertThat(records.at(1_000_020).value()).isEqualTo(bytes("a longer value"));
            assertThat(records.at(1_000_020).offset()).isEqualTo(1_000_020);
            assertThat(records.at(20)).isNull();
        }
    }

    @Test
    void null_is_told_apart_from_no_bytes() {
        // When
        Records records = Records.of(ORIGINALS);

        // Then
        assertThat(records.hasKey(1)).isFalse();
        assertThat(records.hasValue(2)).isFalse();
        assertThat(records.hasKey(3)).isTrue();
        assertThat(records.hasValue(3)).isTrue();
        assertThat(records.key(3)).isEmpty();
        assertThat(records.key(4)).isNull();
        assertThat(records.record(4).value()).isNull();
        assertThat(records.record(3).value()).isEmpty();
    }

    @Test
    void keys_and_values_are_where_it_says_in_the_array() {
        // Given
        Records records = Records.of(ORIGINALS);

        // When
        List<String> values = IntStream.range(0, records.size())
                .mapToObj(i -> text(records, records.keyStart(i), records.valueStart(i)) + "="
                        + text(records, records.valueStart(i), records.valueEnd(i)))
                .toList();

        // Then
        assertThat(values).containsExactly("k0=v0", "=v1", "k2=", "=", "=", "k5=a longer value");
    }

    @Test
    void any_slice_of_a_slice_has_the_records_that_it_should() {
        Records all = Records.of(ORIGINALS);
        for (int from = 0; from <= all.size(); from++) {
            for (int to = from; to <= all.size(); to++) {
                Records slice = all.slice(from, all.size()).slice(0, to - from);
                assertThat(slice.size()).isEqualTo(to - from);
                assertAreTheOriginals(slice, from);
            }
        }
    }

    @Test
    void runs_together_are_one_with_all_of_their_records() {
        Records all = Records.of(ORIGINALS);
        for (int first = 0; first <= all.size(); first++) {
            for (int second = first; second <= all.size(); second++) {
                // Given a slice that doesn't begin where its array does
                List<Records> runs = List.of(
                        Records.NONE, all.slice(0, first), all.slice(first, second), all.slice(second, all.size()));

                // When
                Records together = Records.together(runs);

                // Then
                assertThat(together.size()).isEqualTo(all.size());
                assertAreTheOriginals(together, 0);
                assertThat(together.memory()).isEqualTo(all.memory());
            }
        }
        assertThat(Records.together(List.of()).isEmpty()).isTrue();
        assertThat(Records.together(List.of(Records.NONE, Records.NONE)).isEmpty())
                .isTrue();
    }

    @Test
    void headers_are_kept_only_where_there_are_some() {
        // Given
        Records with = Records.of(ORIGINALS.subList(0, 2));
        Records without = Records.of(ORIGINALS.subList(3, 5));

        // When
        Records together = Records.together(List.of(without, with));

        // Then
        assertThat(without.haveHeaders()).isFalse();
        assertThat(without.headers(1)).isEmpty();
        assertThat(with.haveHeaders()).isTrue();
        assertThat(with.headers(0)).isEmpty();
        assertThat(together.headers(2)).isEmpty();
        assertThat(together.headers(3)).hasSize(2);
    }

    @Test
    void a_copy_that_somebody_changes_changes_nothing_here() {
        // Given
        Records records = Records.of(ORIGINALS);

        // When
        ConsumerRecord<byte[], byte[]> copy = records.record(0);
        copy.headers().add("more", new byte[1]);
        copy.value()[0] = 'x';

        // Then
        assertAreTheOriginals(records, 0);
    }

    @Test
    void offsets_have_gaps() {
        // Given
        Records records = Records.of(ORIGINALS).slice(1, 5);

        // When, then
        assertThat(records.firstAtOrAbove(0)).isZero();
        assertThat(records.firstAtOrAbove(11)).isZero();
        assertThat(records.firstAtOrAbove(12)).isEqualTo(1);
        assertThat(records.firstAtOrAbove(17)).isEqualTo(3);
        assertThat(records.firstAtOrAbove(20)).describedAs("behind the slice").isEqualTo(4);
        assertThat(records.at(15).offset()).isEqualTo(15);
        assertThat(records.at(12)).isNull();
        assertThat(records.at(20)).isNull();
        assertThat(Records.NONE.at(0)).isNull();
        assertThat(records.next()).isEqualTo(18);
    }

    @Test
    void it_knows_how_many_fit() {
        // Given records of 4, 2, 2, 0, 0 and 16 bytes
        Records records = Records.of(ORIGINALS);

        // When, then
        assertThat(records.within(6, 24)).isEqualTo(6);
        assertThat(records.within(6, 23)).isEqualTo(5);
        assertThat(records.within(6, 8)).isEqualTo(5);
        assertThat(records.within(6, 7)).isEqualTo(2);
        assertThat(records.within(6, 3)).isZero();
        assertThat(records.within(3, 24)).isEqualTo(3);
        assertThat(records.within(0, 24)).isZero();
        assertThat(records.slice(1, 6).within(6, 3)).isEqualTo(1);
        assertThat(records.within(6, -1)).isZero();
    }

    @Test
    void slices_take_together_what_the_whole_takes_of_the_memory() {
        // Given
        Records all = Records.of(ORIGINALS);
        Records bare = Records.of(ORIGINALS.subList(3, 5));

        // When, then
        assertThat(bare.memory()).describedAs("a run, and two records").isEqualTo(200 + 2 * 24);
        assertThat(all.memory())
                .describedAs("with what four headers take, and what is around those of a record")
                .isEqualTo(200 + 6 * 24 + 24 + 6 * 40 + 4 * 120 + ("a1" + "a2" + "none" + "b").length());
        for (int at = 0; at < all.size(); at++) {
            assertThat(all.slice(0, at).memory() + all.slice(at, all.size()).memory())
                    .isEqualTo(all.memory());
        }
    }

    @Test
    void what_one_array_cant_hold_becomes_several_runs() {
        assertThat(sizes(Records.runsOf(ORIGINALS, 24))).containsExactly(6);
        assertThat(sizes(Records.runsOf(ORIGINALS, 16))).containsExactly(3, 3);
        assertThat(sizes(Records.runsOf(ORIGINALS, 7))).containsExactly(1, 2, 1, 1, 1);
        assertAreTheOriginals(Records.together(Records.runsOf(ORIGINALS, 7)), 0);
    }

    private static List<Integer> sizes(List<Records> runs) {
        return runs.stream().map(Records::size).toList();
    }

    private static void assertAreTheOriginals(Records records, int from) {
        for (int i = 0; i < records.size(); i++) {
            ConsumerRecord<byte[], byte[]> original = ORIGINALS.get(from + i);
            assertThat(records.offset(i)).isEqualTo(original.offset());
            assertThat(records.timestamp(i)).isEqualTo(original.timestamp());
            assertThat(records.key(i)).isEqualTo(original.key());
            assertThat(records.record(i)).usingRecursiveComparison().isEqualTo(original);
        }
    }

    private static String text(Records records, int from, int to) {
        return new String(records.array(), from, to - from, StandardCharsets.UTF_8);
    }

    private static ConsumerRecord<byte[], byte[]> record(long offset, String key, String value, Headers headers) {
        byte[] keyBytes = bytes(key);
        byte[] valueBytes = bytes(value);
        return new ConsumerRecord<>(
                "topic",
                3,
                offset,
                1000 + offset,
                TimestampType.CREATE_TIME,
                keyBytes == null ? -1 : keyBytes.length,
                valueBytes == null ? -1 : valueBytes.length,
                keyBytes,
                valueBytes,
                headers,
                Optional.empty());
    }

    private static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }
}
