package dev.leat.view.sql;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Two streams that a SELECT joins.
 *
 * @param left the one that the SELECT names first
 * @param outer the words in the text that make it a LEFT JOIN; empty: it is an inner one
 * @param condition under which two events match; empty for an inner join, where WHERE and ON mean the same
 * @param bound how far apart the two may be
 * @param leftLookup names of the columns by which events of the first stream are found
 * @param rightLookup the same for the second one
 */
record StreamJoin(
        FromTable left,
        FromTable right,
        Optional<TextSpan> outer,
        Optional<TextSpan> condition,
        TimeBound bound,
        List<String> leftLookup,
        List<String> rightLookup) {

    boolean isOuter() {
        return outer.isPresent();
    }

    /** How long after an event of the first stream one of the second may still match it; negative: only before it. */
    Duration keepsLeft() {
        return bound.to();
    }

    /** The same for an event of the second. */
    Duration keepsRight() {
        return bound.from().negated();
    }
}
