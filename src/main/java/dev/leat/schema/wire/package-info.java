/**
 * Records as they wait for their lane, packed as bytes, and the wire format that says which schema a record names.
 *
 * <p>Guarantee: runs of records are immutable, and a record is given back as Kafka gave it.
 *
 * <p>Imports {@code pipeline} and {@code registry}, for its ids. A further place of ids is a case of {@link
 * dev.leat.schema.wire.WireFormat}.
 */
package dev.leat.schema.wire;
