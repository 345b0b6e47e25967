/**
 * Produces taxi rides, so that a pipeline has events: generated from a seed, or replayed from a CSV file.
 *
 * <p>Guarantee: the same seed and start give the same rides with the same ids, on every machine. What is sent is
 * acknowledged by all in-sync replicas; an outage of Kafka or of the registry delays rides and loses none while the
 * process lives. A restarted process begins again and sends the same ids.
 *
 * <p>Off unless {@code leat.demo.enabled} is true.
 *
 * <p>May import: the classes that are generated from {@code avro/}, and retry. It is a producer like any other. Another
 * source of rides goes beside {@code demo.csv}; another example of a fold beside {@code demo.lifecycle}.
 */
package dev.leat.demo;
