package dev.leat.view.outbox;

import java.time.OffsetDateTime;

/**
 * What hasn't got to Kafka, of all instances. Counted up to a million: a gauge needn't read a table of more each time.
 *
 * @param events that wait to be sent
 * @param oldest when the first of them came to be; null when none waits
 * @param setAside those that can't be sent as they are
 */
public record Waiting(long events, OffsetDateTime oldest, long setAside) {

    public static final Waiting NOTHING = new Waiting(0, null, 0);
}
