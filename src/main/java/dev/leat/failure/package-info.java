/**
 * What fails now, and what that stops: a record is nobody's failure but its own (a dead letter); a version, a view, a
 * stream, a lane, a lake or a topic rests alone, and the others go on.
 *
 * <p>Guarantee: {@link dev.leat.failure.Failures} never blocks and needs no server, so that health can be told while
 * nothing else answers.
 *
 * <p>{@link dev.leat.failure.Unavailable} is the one definition of an outage. What is none, and no verdict about data either,
 * is a defect ({@link dev.leat.failure.Failures#defect}).
 *
 * <p>May import: nothing of ours. A new kind of scope is a constant of {@link dev.leat.failure.Scope.Kind}, a row of the
 * table of failures in {@code docs/operations.md}, and a case of the test that injects it.
 */
package dev.leat.failure;
