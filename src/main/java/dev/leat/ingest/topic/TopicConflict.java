package dev.leat.ingest.topic;

import java.util.List;
import java.util.stream.Collectors;

/** What was chosen isn't there to choose. */
public final class TopicConflict extends RuntimeException {

    private TopicConflict(String message) {
        super(message);
    }

    static TopicConflict of(String topic, Choice choice, List<Choice> choices) {
        return new TopicConflict(
                choices.isEmpty()
                        ? "topic " + topic
                                + " is the one that its checkpoints are of, and its log has all that its lanes"
                                + " need; there is nothing to choose"
                        : "topic " + topic
                                + " is the one that its checkpoints are of, so its views needn't begin anew; "
                                + choice.label() + " isn't possible, but "
                                + choices.stream().map(Choice::label).collect(Collectors.joining(", "))
                                + " is; a view is rebuilt by POST /api/views/{view}/rebuild");
    }
}
