package dev.leat.ops.deadletter;

import dev.leat.http.DeclaredNames;
import dev.leat.http.Problem;
import dev.leat.pipeline.Pipeline;
import dev.leat.view.redrive.DeadLetterFilter;
import org.jboss.resteasy.reactive.RestQuery;

/** The parameters that say which of the open dead letters are meant: those that match every one of them. */
public class OpenLetters {

    @RestQuery
    public String stream;

    @RestQuery
    public String view;

    @RestQuery
    public String reason;

    @RestQuery
    public String topic;

    @RestQuery
    public Integer partition;

    @RestQuery
    public boolean all;

    DeadLetterFilter filter(Pipeline pipeline) {
        if (stream == null && view == null && reason == null && topic == null && partition == null && !all) {
            throw Problem.badParameter(
                    "all",
                    "say which: stream, view, reason, topic or partition; or all=true for every open dead letter");
        }
        if (stream != null) {
            DeclaredNames.stream(pipeline, stream);
        }
        return new DeadLetterFilter(null, stream, view, reason, topic, partition);
    }
}
