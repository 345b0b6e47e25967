/**
 * Views in SQL: a SELECT of Postgres over streams and other views, kept current. The SELECT runs on each batch; the code here
 * merges its partial result into the state.
 *
 * <p>Guarantee: a compiled view equals the same SELECT over all events that were applied. What can't be maintained that way is
 * refused at start, with file, line and column.
 *
 * <pre>
 *   SelectText -> DryRun (view.sql.resolve) -> ValidatedSelect -> MergedPlans -> Plan
 *
 *   Plan            a view that is                         its rows
 *   GroupedPlan     grouped                                one a group
 *   WindowedPlan    grouped by tumble or hop               one a group and window, until the window is final
 *   SessionPlan     grouped by session                     one a group and session
 *   KeyedPlan       of the stream's key                    the newest event's of each key
 *   ResultKeyPlan   of a key among the result's columns    the newest event's of each key
 *   AppendPlan      declared {@code append: true}          one or more an event
 *   EmitPlan        only written to a topic                none
 *   JoinPlan        of two streams                         those of one of the plans above
 *   PlainPlan       over views only                        Postgres's
 *   RecomputePlan   anything else (view.sql.delta)         Postgres's, kept
 * </pre>
 *
 * <p>What plans of groups share is in {@link dev.leat.view.sql.GroupsPlan}, of windows in {@link
 * dev.leat.view.sql.WindowsPlan}, of results that are kept as they are in {@link dev.leat.view.sql.ResultPlan}.
 *
 * <p>What a name, a literal, a function or a group means is asked of view.sql.resolve; the text only gives the pieces of
 * statements, and places for messages.
 *
 * <p>A new aggregate goes to {@link dev.leat.view.sql.Aggregates}, a new way to keep a view is another {@link
 * dev.leat.view.sql.Plan}, a new refusal goes to {@link dev.leat.view.sql.SelectCheck}.
 *
 * <p>May import: view.writer, view.outbox, view.time, schema, pipeline, postgres.
 */
package dev.leat.view.sql;
