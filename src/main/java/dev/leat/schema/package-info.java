/**
 * Avro contracts: {@link dev.leat.schema.Contracts} registers and learns them, and gives each lane its decoder.
 *
 * <p>Guarantee: a record either becomes one row of typed columns, or a {@link dev.leat.schema.topic.Rejected} that names its
 * reason; never half of one. What can't be known now because the registry doesn't answer is an {@link
 * dev.leat.schema.registry.RegistryOutage}, never a rejection.
 *
 * <p>Imports only {@code pipeline}. The packages beneath import only those before them: {@code contract}, {@code registry},
 * {@code wire}, {@code types}, {@code decode}, {@code envelope}, {@code topic}; {@code emit} stands beside {@code envelope}
 * and imports neither it nor {@code topic}. What needs the registry and the pipeline together goes here.
 */
package dev.leat.schema;
