package dev.leat.demo;

import dev.leat.demo.csv.ZoneList;
import dev.leat.taxi.TaxiRide;
import dev.leat.taxi.TaxiRideKey;
import dev.leat.taxi.Zone;
import dev.leat.taxi.ZoneKey;
import io.apicurio.registry.client.RegistryClientFactory;
import io.apicurio.registry.client.common.RegistryClientOptions;
import io.apicurio.registry.resolver.client.RegistryClientFacadeImpl;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Sends the zones, then the rides, on a virtual thread of its own; retries while Kafka or the registry is unavailable.
 *
 * <p>Every ride that was sent is acknowledged before the run counts as done. Rides in flight when the process is
 * killed may or may not have arrived; the next run sends it again, with the same id.
 *
 * <p>Needs {@code kafka.bootstrap.servers} and {@code leat.registry.url}; see {@link DemoConfig} for the rest.
 */
@ApplicationScoped
class DemoProducer {

    private static final Logger LOG = Logger.getLogger(DemoProducer.class);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

    private final DemoConfig config;
    private final Map<String, Object> kafka;
    private final Optional<String> registryUrl;
    private final Vertx vertx;
    private final ZoneList zones = ZoneList.load();

    /** Written at start and read at stop, both on the thread that runs the application's life cycle. */
    private Thread thread;

    DemoProducer(
            DemoConfig config,
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            @ConfigProperty(name = "leat.registry.url") Optional<String> registryUrl,
            Vertx vertx) {
        this.config = config;
        this.kafka = kafka;
        this.registryUrl = registryUrl;
        this.vertx = vertx;
    }

    void start(@Observes StartupEvent event) {
        if (!config.enabled()) {
            return;
        }
        String url = registryUrl.orElseThrow(() -> new IllegalStateException(
                "leat.demo.enabled is true, so leat.registry.url must be set: the demo registers its contracts there"));
        thread = Thread.ofVirtual().name("leat-demo").start(() -> run(url));
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        if (thread != null) {
            thread.interrupt();
            thread.join(STOP_WITHIN.plusSeconds(1));
        }
    }

    private void run(String url) {
        try {
            var client = RegistryClientFactory.create(RegistryClientOptions.create(url, vertx));
            DemoContracts contracts = new DemoContracts(new RegistryClientFacadeImpl(client));
            DemoRetry.to("create the topics").run(new DemoTopics(config, kafka)::createMissing);
            sendZones(contracts);
            sendRides(contracts);
        } catch (InterruptedException e) {
            LOG.info("The demo stops with the application");
        } catch (Exception e) {
            LOG.errorf(e, "The demo gives up; error=%s", e.getMessage());
        }
    }

    private void sendZones(DemoContracts contracts) throws InterruptedException {
        try (Outbound<ZoneKey, Zone> out = outbound("zones", config.zonesTopic(), contracts, "ZoneKey", "Zone")) {
            for (Zone zone : zones.all()) {
                out.send(new ZoneKey(zone.getLocationId()), zone);
            }
            out.awaitAcknowledgement();
        }
    }

    private void sendRides(DemoContracts contracts) throws InterruptedException {
        try (Outbound<TaxiRideKey, TaxiRide> out =
                        outbound("rides", config.ridesTopic(), contracts, "TaxiRideKey", "TaxiRide");
                Stream<TaxiRide> rides = new RideSource(config, zones).rides(Instant.now())) {
            Pace pace = Pace.from(config);
            for (var rest = rides.iterator(); rest.hasNext(); ) {
                pace.awaitTurnOf(out.sent());
                TaxiRide ride = rest.next();
                out.send(new TaxiRideKey(ride.getRideId()), ride);
            }
            out.awaitAcknowledgement();
            double seconds = (System.nanoTime() - pace.beganAt()) / 1e9;
            LOG.infof("sent %d rides in %.1f s", out.sent(), seconds);
        }
    }

    /** @param of what is sent, in the plural */
    private <K extends SpecificRecord, V extends SpecificRecord> Outbound<K, V> outbound(
            String of, String topic, DemoContracts contracts, String key, String value) throws InterruptedException {
        Producer<K, V> producer = DemoRetry.to("register the contracts of " + of)
                .call(() -> new KafkaProducer<>(
                        DemoKafka.producer(kafka, "leat-demo-" + of),
                        contracts.keySerializer(topic, key),
                        contracts.valueSerializer(topic, value)));
        return new Outbound<>(producer, topic, STOP_WITHIN);
    }
}
