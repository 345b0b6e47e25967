/**
 * The local stack: a Kafka broker, PostgreSQL and Apicurio Registry as real servers, for tests and for development where
 * no Docker runs. Test code by construction, so that it is never in the production artifact.
 *
 * <p>Guarantee: each server is a process of its own that ends with the process that asked for it, even after {@code kill
 * -9}; nothing but loopback ports is opened; data and logs are under {@code target/stack}.
 *
 * <p>{@link dev.leat.stack.LeatProcess} is the packaged application beside it, and {@link dev.leat.stack.PgProxy} stands
 * between that and Postgres for tests that need a fault at an exact place.
 *
 * <p>The servers' archives are dependencies of a plugin in {@code pom.xml}. Imports nothing of Leat; the classes that run
 * in the servers' supervisor or in Maven itself use only the JDK and the servers' own class path.
 */
package dev.leat.stack;
