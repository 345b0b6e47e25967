/**
 * The records of one topic: what the schemas that they name mean for the topic's streams, and their decoding to rows.
 *
 * <p>Guarantee: a record becomes one row, is skipped because the stream says so, or is {@link
 * dev.leat.schema.topic.Rejected} with its reason. A missing answer of the registry is never a rejection.
 *
 * <p>A stream's columns follow from all versions of its subject ({@link dev.leat.schema.topic.ContractHistory}), and not
 * from which of them have come by.
 *
 * <p>Imports {@code envelope} and what that imports. A further reason to reject a record is a constant of {@link
 * dev.leat.schema.topic.Rejected.Reason}; a further meaning of a schema is a case of {@code TopicSchemas.Meaning}.
 */
package dev.leat.schema.topic;
