/**
 * The schema registry: what Leat asks of it, Apicurio's adapter, and the cache in front of that.
 *
 * <p>Guarantee: an id that was answered once is answered for ever, also while the registry is down. No answer is a {@link
 * dev.leat.schema.registry.RegistryOutage}, which no record is at fault for.
 *
 * <p>Imports {@code pipeline} and {@code contract}. A further registry is another {@link
 * dev.leat.schema.registry.SchemaRegistry}; a decorator goes in front of it.
 */
package dev.leat.schema.registry;
