/**
 * The benchmark: what this costs and yields, beside other systems that do the same from the same topic into the same
 * Postgres, in the same run. Never part of a build that isn't asked for it.
 *
 * <p>Guarantee: a figure is only given for a run whose rows were counted in the sink and were all there; every process
 * is measured whole, from outside, and none knows how.
 *
 * <p>{@link dev.leat.benchmark.Benchmark} runs and prints. A {@link dev.leat.benchmark.Contender} starts a process for a
 * {@link dev.leat.benchmark.Task}, a {@link dev.leat.benchmark.Sink} says how far it is, a {@link
 * dev.leat.benchmark.Stopwatch} watches both. The other systems are projects of their own under {@code src/test/peers}.
 */
package dev.leat.benchmark;
