/**
 * Avro contracts: the registry and our cache in front of it, the wire format, the one type table, records as
 * they wait, and decoding of them to columns.
 *
 * <p>Guarantee: a record either becomes one row of typed columns, or a {@link dev.leat.schema.topic.Rejected} that names its
 * reason; never half of one. What can't be known now because the registry doesn't answer is an {@link
 * dev.leat.schema.registry.RegistryOutage}, never a rejection.
 *
 * <p>May import: pipeline.
 */
package dev.leat.schema;
