/**
 * What the user declared: the immutable model of streams and views, parsed and checked.
 *
 * <p>Guarantee: a {@link dev.leat.pipeline.Pipeline} that exists is sound in itself (every name resolves, every value is
 * in range); a wrong file never becomes one, and the error names file, line, path and what was expected. What only the
 * registry or Postgres can know (fields, types) is checked by the packages that talk to them.
 *
 * <p>May import: nothing of ours.
 *
 * <p>A new setting of a stream goes into the part of {@link dev.leat.pipeline.Stream} that it belongs to, and into
 * {@link dev.leat.pipeline.StreamParser}. A new kind of view is a record of {@link dev.leat.pipeline.View}, read by
 * {@link dev.leat.pipeline.ViewParser}.
 */
package dev.leat.pipeline;
