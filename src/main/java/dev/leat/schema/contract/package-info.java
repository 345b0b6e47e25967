/**
 * The contracts that the pipeline brings, what changes between versions of a schema, and the exceptions of contracts.
 *
 * <p>Guarantee: a {@link dev.leat.schema.contract.ContractException} says what to change, in the pipeline's words.
 *
 * <p>Imports only {@code pipeline}. A further rule on what a contract must be is checked where the contract is used, and throws
 * the exception from here.
 */
package dev.leat.schema.contract;
