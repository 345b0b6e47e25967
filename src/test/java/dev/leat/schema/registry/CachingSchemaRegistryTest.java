package dev.leat.schema.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.pipeline.Stream.Compatibility;
import dev.leat.schema.contract.ContractException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class CachingSchemaRegistryTest {

    private static final Schema TEXT = Schema.create(Schema.Type.STRING);

    private final Map<SchemaId, Schema> known = new HashMap<>();
    private final TickingClock clock = new TickingClock();
    private int questions;

    private final CachingSchemaRegistry registry = new CachingSchemaRegistry(new Asked(), new RegistryAt(""), clock);

    @Test
    void an_id_that_was_answered_for_is_never_asked_for_again() {
        // Given
        known.put(SchemaId.content(1), TEXT);

        // When
        registry.schema(SchemaId.content(1));
        registry.schema(SchemaId.content(1));

        // Then
        assertThat(registry.schema(SchemaId.content(1))).contains(TEXT);
        assertThat(questions).isEqualTo(1);
    }

    @Test
    void an_id_that_the_registry_gives_to_another_schema_is_refused_until_somebody_says_that_it_counts() {
        // Given
        SchemaId id = SchemaId.content(1);
        List<String> told = new ArrayList<>();
        registry.changed().listen((changed, message) -> told.add(message));
        known.put(id, TEXT);
        registry.schema(id);
        registry.changed().check();
        assertThat(registry.changes()).isZero();

        // When
        known.put(id, Schema.create(Schema.Type.BYTES));
        registry.changed().check();
        registry.changed().check();

        // Then
        assertThatThrownBy(() -> registry.schema(id))
                .isInstanceOf(ContractException.class)
                .hasMessageStartingWith("the registry's id 1 was string (fingerprint ")
                .hasMessageContaining(" and is now bytes (fingerprint ");
        assertThat(told).hasSize(1);
        assertThat(registry.changes()).isEqualTo(1);

        // When
        registry.changed().accept(id);

        // Then
        assertThat(registry.schema(id)).contains(Schema.create(Schema.Type.BYTES));
        assertThat(registry.changes()).isEqualTo(2);
    }

    @Test
    void an_id_that_the_registry_forgot_keeps_its_meaning() {
        known.put(SchemaId.content(1), TEXT);
        registry.schema(SchemaId.content(1));
        known.clear();

        registry.changed().check();

        assertThat(registry.schema(SchemaId.content(1))).contains(TEXT);
    }

    @Test
    void an_old_record_with_an_unknown_id_is_not_waited_for() {
        // When
        Optional<Schema> answer = registry.schema(SchemaId.content(2), clock.now.minus(Duration.ofHours(1)));

        // Then
        assertThat(answer).isEmpty();
        assertThat(questions).isEqualTo(1);
    }

    @Test
    void a_new_record_with_an_unknown_id_is_waited_for_and_then_left_alone_for_a_while() {
        // When
        Optional<Schema> answer = registry.schema(SchemaId.content(2), clock.now);
        int asked = questions;
        registry.schema(SchemaId.content(2), clock.now);

        // Then
        assertThat(answer).isEmpty();
        assertThat(asked).isGreaterThan(1);
        assertThat(questions).isEqualTo(asked);
    }

    @Test
    void a_redrive_asks_anew() {
        // Given
        registry.schema(SchemaId.content(2), Instant.EPOCH);
        known.put(SchemaId.content(2), TEXT);

        // When
        registry.forgetUnknown();

        // Then
        assertThat(registry.schema(SchemaId.content(2), Instant.EPOCH)).contains(TEXT);
    }

    @Test
    void ids_of_two_kinds_are_two_ids() {
        // Given
        Schema number = Schema.create(Schema.Type.INT);
        known.put(SchemaId.content(1), TEXT);
        known.put(SchemaId.global(1), number);
        registry.schema(SchemaId.global(2), Instant.EPOCH);
        known.put(SchemaId.content(2), TEXT);

        // When
        Optional<Schema> content = registry.schema(SchemaId.content(1));
        Optional<Schema> global = registry.schema(SchemaId.global(1));

        // Then
        assertThat(content).contains(TEXT);
        assertThat(global).contains(number);
        assertThat(registry.schema(SchemaId.content(2))).contains(TEXT);
        assertThat(registry.schema(SchemaId.global(2))).isEmpty();
    }

    private final class Asked implements SchemaRegistry {
        @Override
        public Optional<Schema> schema(SchemaId id) {
            questions++;
            return Optional.ofNullable(known.get(id));
        }

        @Override
        public Optional<Schema> latest(String subject) {
            return Optional.empty();
        }

        @Override
        public Optional<Subject> subject(String subject) {
            return Optional.empty();
        }

        @Override
        public long register(String subject, String avsc, Compatibility rule) {
            return 0;
        }

        @Override
        public void check(String subject, String avsc) {}
    }

    /** Half a second further at each look. */
    private static final class TickingClock extends Clock {
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        @Override
        public Instant instant() {
            now = now.plusMillis(500);
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneId.of("UTC");
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
