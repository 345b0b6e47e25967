package dev.leat.query.rest;

import dev.leat.query.Answer;
import dev.leat.query.Freshness;
import java.util.List;
import java.util.Map;

/** Rows of a view, in the order that was asked for. */
record ViewRows(String view, List<Map<String, Object>> rows, Freshness fresh) {

    static ViewRows of(String view, Answer answer) {
        return new ViewRows(view, answer.rows(), answer.fresh());
    }
}
