/**
 * Produces taxi rides, so that a pipeline has something to eat: made up from a seed, or replayed from a CSV file.
 *
 * <p>Guarantee: the same seed and start give the same rides with the same ids, on every machine. What is sent is
 * acknowledged by all in-sync replicas; an outage of Kafka or of the registry delays rides and loses none while the
 * process lives. A restarted process begins again and sends the same ids.
 *
 * <p>Off unless {@code leat.demo.enabled} says otherwise. May import the classes that are generated from {@code avro/},
 * and nothing else of ours: it is a producer like any other. The example of a fold, {@code demo.lifecycle}, is no producer.
 */
package dev.leat.demo;
