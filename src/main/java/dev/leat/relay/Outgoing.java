package dev.leat.relay;

import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A row of Postgres that is to become a record of Kafka.
 *
 * @param id of the row
 * @param record throws where the row can't become one
 */
record Outgoing(long id, String topic, Supplier<ProducerRecord<byte[], byte[]>> record) {}
