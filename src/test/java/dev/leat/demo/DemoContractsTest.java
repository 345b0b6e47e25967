package dev.leat.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.demo.csv.ZoneList;
import dev.leat.taxi.TaxiRide;
import io.apicurio.registry.resolver.client.RegistryClientFacade;
import io.apicurio.registry.resolver.client.RegistryVersionCoordinates;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.Test;

class DemoContractsTest {

    private static final int CONTENT_ID = 0x01020304;
    private static final TaxiRide RIDE =
            new RideGenerator(42, RideClock.steady(Instant.parse("2026-03-02T08:00:00Z"), 1), ZoneList.load()).ride(7);

    private final FakeRegistry registry = new FakeRegistry();

    @Test
    void a_record_is_a_zero_byte_the_content_id_and_plain_avro_without_headers() throws IOException {
        // Given
        Serializer<TaxiRide> serializer =
                new DemoContracts(registry.facade()).valueSerializer("taxi.rides", "TaxiRide");
        RecordHeaders headers = new RecordHeaders();

        // When
        byte[] bytes = serializer.serialize("taxi.rides", headers, RIDE);

        // Then
        assertThat(headers).isEmpty();
        assertThat(bytes[0]).isZero();
        assertThat(ByteBuffer.wrap(bytes, 1, 4).getInt()).isEqualTo(CONTENT_ID);
        Schema contract = new Schema.Parser().parse(registry.contents.get("taxi.rides-value"));
        GenericRecord read = new GenericDatumReader<GenericRecord>(contract)
                .read(null, DecoderFactory.get().binaryDecoder(Arrays.copyOfRange(bytes, 5, bytes.length), null));
        assertThat(read.get("ride_id")).hasToString("42-7");
        assertThat(read.get("pickup_at")).isEqualTo(RIDE.getPickupAt().toEpochMilli());
        assertThat(read.get("total_amount")).isEqualTo(RIDE.getTotalAmount());
    }

    @Test
    void the_registry_is_not_asked_for_each_record() {
        // Given
        Serializer<TaxiRide> serializer =
                new DemoContracts(registry.facade()).valueSerializer("taxi.rides", "TaxiRide");
        serializer.serialize("taxi.rides", new RecordHeaders(), RIDE);
        int asked = registry.calls.size();

        // When
        for (int i = 0; i < 1_000; i++) {
            serializer.serialize("taxi.rides", new RecordHeaders(), RIDE);
        }

        // Then
        assertThat(registry.calls).hasSize(asked).containsOnlyOnce("createSchema");
    }

    /** Keeps one version of each artifact; answers what the serializer asks and nothing else. */
    private static final class FakeRegistry implements InvocationHandler {

        final List<String> calls = new ArrayList<>();
        final Map<String, String> contents = new java.util.HashMap<>();

        RegistryClientFacade facade() {
            return (RegistryClientFacade) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {RegistryClientFacade.class}, this);
        }

        @Override
        public Object invoke(Object proxy, java.lang.reflect.Method method, Object[] arguments) {
            calls.add(method.getName());
            return switch (method.getName()) {
                case "createSchema" -> {
                    contents.put((String) arguments[2], (String) arguments[6]);
                    yield coordinates((String) arguments[2]);
                }
                case "getVersionCoordinatesByGAV" -> coordinates((String) arguments[1]);
                case "getSchemaByGAV" -> contents.get((String) arguments[1]);
                case "getSchemaByGlobalId", "getSchemaByContentId" ->
                    contents.values().iterator().next();
                case "getReferencesByGAV", "getReferencesByGlobalId", "getReferencesByContentId" -> List.of();
                default -> throw new UnsupportedOperationException(method.getName());
            };
        }

        private static RegistryVersionCoordinates coordinates(String artifact) {
            return RegistryVersionCoordinates.create(9L, (long) CONTENT_ID, "default", artifact, "1");
        }
    }
}
