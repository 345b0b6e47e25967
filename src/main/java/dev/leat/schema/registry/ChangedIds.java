package dev.leat.schema.registry;

import dev.leat.schema.contract.ContractException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.jboss.logging.Logger;

/**
 * Ids that the registry gave to another schema than before, as one does that keeps its schemas in memory and was started
 * anew. Which of the two a record means can't be told, so none is read by such an id until somebody says that the newer
 * one counts. Found by asking again for what is known: every so often, and when an id comes up that is new.
 *
 * <p>Asks on a thread of its own, so that no lane waits. Thread-safe.
 */
public final class ChangedIds {

    private static final Logger LOG = Logger.getLogger(ChangedIds.class);

    /** How many times as often it may be asked while new ids come up. */
    private static final int SOONER = 6;

    private final SchemaRegistry registry;
    private final Map<SchemaId, Schema> known;
    private final Duration every;
    private final Clock clock;
    private final Map<SchemaId, String> refusals = new ConcurrentHashMap<>();
    private final AtomicLong changes = new AtomicLong();
    private final AtomicBoolean checking = new AtomicBoolean();
    private volatile Instant last;
    private volatile Instant next;
    private volatile BiConsumer<SchemaId, String> listener = (id, message) -> {};

    /** @param known what was answered for; an id that counts anew is taken out of it */
    ChangedIds(SchemaRegistry registry, Map<SchemaId, Schema> known, Duration every, Clock clock) {
        this.registry = registry;
        this.known = known;
        this.every = every;
        this.clock = clock;
        this.last = clock.instant();
        this.next = last.plus(every);
    }

    /** @param told of each id that changed, once, with what happened and what to do */
    public void listen(BiConsumer<SchemaId, String> told) {
        listener = told;
    }

    /** @throws ContractException when the id has meant two schemas */
    void require(SchemaId id) {
        String refusal = refusals.get(id);
        if (refusal != null) {
            throw new ContractException(refusal);
        }
    }

    long count() {
        return changes.get();
    }

    /** A registry that begins anew is seen by its new ids, too. */
    void checkSoon() {
        if (known.size() > 1) {
            next = last.plus(every.dividedBy(SOONER));
        }
    }

    /** Returns at once. */
    void checkIfDue() {
        if (!clock.instant().isBefore(next) && checking.compareAndSet(false, true)) {
            last = clock.instant();
            next = last.plus(every);
            Thread.startVirtualThread(() -> {
                try {
                    check();
                } catch (RegistryOutage e) {
                    LOG.debugf("ids can't be checked now error=%s", e.getMessage());
                } catch (RuntimeException e) {
                    LOG.error("checking the registry's ids failed", e);
                } finally {
                    checking.set(false);
                }
            });
        }
    }

    /**
     * Asks the registry for all ids that it answered for. Those that it doesn't know any more keep their meaning. Blocks.
     *
     * @throws RegistryOutage when it doesn't answer
     */
    public void check() {
        known.forEach((id, schema) -> {
            if (!refusals.containsKey(id)) {
                registry.schema(id).filter(now -> !isSame(now, schema)).ifPresent(now -> refuse(id, schema, now));
            }
        });
    }

    private static boolean isSame(Schema now, Schema before) {
        try {
            return now.equals(before);
        } catch (StackOverflowError e) {
            return true; // A chain of types that is longer than the stack; no stream takes such a one.
        }
    }

    private void refuse(SchemaId id, Schema before, Schema now) {
        String message = "the registry's " + id + " was " + named(before) + " and is now " + named(now)
                + "; records that name it aren't read, for it can't be told which of the two they mean. Let the registry"
                + " keep its schemas, then resume this and redrive the dead letters, if the newer one counts";
        if (refusals.putIfAbsent(id, message) == null) {
            changes.incrementAndGet();
            LOG.error(message);
            listener.accept(id, message);
        }
    }

    private static String named(Schema schema) {
        return schema.getFullName() + " (fingerprint "
                + Long.toHexString(
                        SchemaNormalization.fingerprint64(schema.toString().getBytes(StandardCharsets.UTF_8)))
                + ")";
    }

    /** The registry's present answer counts from now on. */
    public void accept(SchemaId id) {
        known.remove(id);
        refusals.remove(id);
        changes.incrementAndGet();
    }
}
