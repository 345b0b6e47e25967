package dev.leat.ingest.topic;

import dev.leat.ingest.topic.Choice.From;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.postgres.Transacting;
import dev.leat.postgres.Tx;
import dev.leat.view.deduplication.SeenEvents;
import dev.leat.view.lane.KnownTopic;
import dev.leat.view.lane.PgTopics;
import dev.leat.view.lane.PgTopics.LakePosition;
import dev.leat.view.lane.PgTopics.Positions;
import dev.leat.view.rebuild.Rebuild.Source;
import dev.leat.view.rebuild.RebuildConflict;
import dev.leat.view.rebuild.RebuildRequests;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/**
 * How lanes go on whose topic was made anew, or whose log has lost what they need. Any instance takes the choice; the lanes,
 * wherever they rest, see it in Postgres. Blocks.
 */
@ApplicationScoped
public class TopicChoices {

    private static final Logger LOG = Logger.getLogger(TopicChoices.class);

    private final Pipeline pipeline;
    private final Transacting transactions;
    private final RebuildRequests rebuilds;
    private final SeenEvents seen;

    TopicChoices(Pipeline pipeline, Transacting transactions, RebuildRequests rebuilds, SeenEvents seen) {
        this.pipeline = pipeline;
        this.transactions = transactions;
        this.rebuilds = rebuilds;
        this.seen = seen;
    }

    /**
     * What was chosen.
     *
     * @param lanes where each of them is now
     * @param rebuilt views whose rebuild is requested
     * @param notes what else there is to know
     */
    public record Outcome(KnownTopic known, Map<Integer, Long> lanes, List<String> rebuilt, List<String> notes) {}

    /** Where a topic's lanes and lakes are. */
    public Positions positions(String topic) {
        return transactions.run(tx -> PgTopics.lockInTransaction(tx, topic));
    }

    /** What there is to choose; empty while the lanes can go on as they are. */
    public static List<Choice> choices(Positions at, KafkaTopic now) {
        TopicChange change = TopicChange.of(at, now);
        if (change.isAnew()) {
            return List.of(Choice.values());
        }
        return change.isGap() ? List.of(Choice.CONTINUE) : List.of();
    }

    /** @throws TopicConflict there is nothing to choose, or not this */
    public Outcome choose(KafkaTopic now, Choice choice, From from) {
        List<String> notes = new ArrayList<>();
        Outcome chosen = transactions.run(tx -> {
            notes.clear();
            return choose(tx, now, choice, from, notes);
        });
        LOG.infof(
                "topic goes on topic=%s choice=%s from=%s id=%s incarnation=%d base=%d",
                now.name(),
                choice,
                from,
                now.id(),
                chosen.known().incarnation(),
                chosen.known().base());
        notes.forEach(note -> LOG.warnf("topic goes on topic=%s: %s", now.name(), note));
        return choice == Choice.REBUILD ? rebuild(now.name(), chosen) : chosen;
    }

    private Outcome choose(Tx tx, KafkaTopic now, Choice choice, From from, List<String> notes) {
        Positions at = PgTopics.lockInTransaction(tx, now.name());
        if (!choices(at, now).contains(choice)) {
            throw TopicConflict.of(now.name(), choice, choices(at, now));
        }
        TopicChange change = TopicChange.of(at, now);
        KnownTopic next = change.isAnew() ? at.known().followedBy(now.id(), change.highest()) : at.known();
        Map<Integer, Long> lanes = new TreeMap<>();
        change.partitions().forEach(p -> lanes.put(p, change.laneGoesOn(p, next, from)));
        List<LakePosition> lakes = change.lakesGoOn(next, from);
        notes.addAll(change.lost(lakes));
        PgTopics.moveInTransaction(tx, now.name(), lanes, lakes);
        if (change.isAnew()) {
            PgTopics.switchInTransaction(tx, now.name(), next, now.logs().size(), change.gone());
        }
        if (choice == Choice.REBUILD) {
            for (Stream stream : pipeline.streamsOf(now.name())) {
                seen.forgetInTransaction(tx, stream);
            }
            PgTopics.beginAnewInTransaction(tx, now.name(), next, change.gone(), views(now.name()));
        }
        return new Outcome(next, lanes, List.of(), List.copyOf(notes));
    }

    private List<String> views(String topic) {
        return pipeline.streamsOf(topic).stream()
                .flatMap(stream -> pipeline.viewsOf(stream).stream())
                .map(View::name)
                .distinct()
                .toList();
    }

    private Outcome rebuild(String topic, Outcome chosen) {
        List<String> requested = new ArrayList<>();
        List<String> notes = new ArrayList<>(chosen.notes());
        for (String view : views(topic)) {
            try {
                rebuilds.request(view, Source.ALL);
                requested.add(view);
            } catch (RebuildConflict conflict) {
                notes.add(conflict.getMessage() + "; then POST /api/views/" + view + "/rebuild");
            }
        }
        return new Outcome(chosen.known(), chosen.lanes(), requested, notes);
    }
}
