/**
 * For whoever runs Leat: how far each stream has come, what couldn't be applied, and health.
 *
 * <p>Guarantee: only reads; a server that doesn't answer is named in the answer and doesn't fail it as a whole.
 *
 * <p>May import: anything; nobody imports it.
 */
package dev.leat.ops;
