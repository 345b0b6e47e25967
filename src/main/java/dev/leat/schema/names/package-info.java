/**
 * Which column a field of a contract goes into: decided once a version, in the order of the versions, and kept.
 *
 * <p>Guarantee: the same contract has the same columns, whenever its versions were read and by whom.
 *
 * <p>A further reason for a name goes to {@link dev.leat.schema.names.FieldNames}.
 *
 * <p>Imports {@code contract} and {@code types}.
 */
package dev.leat.schema.names;
