package dev.leat.schema.registry;

import dev.leat.failure.Failure;
import dev.leat.failure.Failures;
import dev.leat.failure.Scope;
import dev.leat.pipeline.Stream.Compatibility;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.avro.Schema;

/**
 * Answers every id that was answered once, also while the registry is down: an id shouldn't change its meaning. One that
 * does ({@link ChangedIds}) is refused until somebody says which meaning counts. An unknown id
 * is asked for again until a grace time after its record was written ({@code leat.registry.unknown-grace}). It then stays
 * unknown for a while ({@code leat.registry.unknown-for}), so that garbage doesn't cost a call for each record.
 */
public final class CachingSchemaRegistry implements SchemaRegistry {

    private static final Duration ASK_AGAIN_AFTER = Duration.ofMillis(200);

    private final SchemaRegistry registry;
    private final RegistryConfig config;
    private final Clock clock;

    // Filled by the lane that asks first; entries of the first map never change.
    private final Map<SchemaId, Schema> known = new ConcurrentHashMap<>();
    private final Map<SchemaId, Instant> unknownUntil = new ConcurrentHashMap<>();
    private final ChangedIds changed;

    public CachingSchemaRegistry(SchemaRegistry registry, RegistryConfig config, Clock clock) {
        this.registry = registry;
        this.config = config;
        this.clock = clock;
        this.changed = new ChangedIds(registry, known, config.checkEvery(), clock);
    }

    /** Apicurio's, with the process's clock. */
    public static CachingSchemaRegistry of(RegistryConfig config, Vertx vertx) {
        return new CachingSchemaRegistry(new ApicurioSchemaRegistry(config, vertx), config, Clock.systemUTC());
    }

    /** The same, which shows an id that changed its meaning as a version that rests: resumed, its newer meaning counts. */
    public static CachingSchemaRegistry of(RegistryConfig config, Vertx vertx, Failures failures) {
        CachingSchemaRegistry registry = of(config, vertx);
        ChangedIds changed = registry.changed();
        changed.listen((id, message) -> failures.rest(
                Scope.version("registry", id.value()), Failure.Cause.UNFIT, message, () -> changed.accept(id)));
        return registry;
    }

    @Override
    public Optional<Schema> schema(SchemaId id) {
        return schema(id, clock.instant());
    }

    @Override
    public Optional<Schema> schema(SchemaId id, Instant namedAt) {
        changed.require(id);
        Schema cached = known.get(id);
        if (cached != null) {
            return Optional.of(cached);
        }
        Instant until = unknownUntil.get(id);
        if (until != null && clock.instant().isBefore(until)) {
            return Optional.empty();
        }
        return askUntilGraceEnds(id, namedAt);
    }

    @Override
    public long changes() {
        changed.checkIfDue();
        return changed.count();
    }

    /** Those that were found to have changed, each with what is to be known of it. */
    public ChangedIds changed() {
        return changed;
    }

    public void forgetUnknown() {
        unknownUntil.clear();
    }

    private Optional<Schema> askUntilGraceEnds(SchemaId id, Instant namedAt) {
        Instant now = clock.instant();
        // A producer's clock may be ahead; that doesn't make the wait longer.
        Instant giveUp = (namedAt.isBefore(now) ? namedAt : now).plus(config.unknownGrace());
        while (true) {
            Optional<Schema> answer = registry.schema(id);
            if (answer.isPresent()) {
                known.put(id, answer.get());
                changed.checkSoon();
                unknownUntil.remove(id);
                return answer;
            }
            if (!clock.instant().isBefore(giveUp)) {
                unknownUntil.put(id, clock.instant().plus(config.unknownFor()));
                return answer;
            }
            LockSupport.parkNanos(ASK_AGAIN_AFTER.toNanos());
        }
    }

    @Override
    public Optional<Schema> latest(String subject) {
        return registry.latest(subject);
    }

    @Override
    public Optional<Subject> subject(String subject) {
        return registry.subject(subject);
    }

    @Override
    public long register(String subject, String avsc, Compatibility rule) {
        return registry.register(subject, avsc, rule);
    }

    @Override
    public void check(String subject, String avsc) {
        registry.check(subject, avsc);
    }
}
