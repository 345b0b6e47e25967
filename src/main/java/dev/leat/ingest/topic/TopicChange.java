package dev.leat.ingest.topic;

import dev.leat.ingest.topic.Choice.From;
import dev.leat.view.lane.KnownTopic;
import dev.leat.view.lane.PgTopics.LakePosition;
import dev.leat.view.lane.PgTopics.Positions;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.LongStream;

/**
 * How a topic as Kafka has it now differs from what its checkpoints are of. Pure.
 *
 * @param at where lanes and lakes are, as positions
 * @param now as Kafka has it, in Kafka's offsets
 */
record TopicChange(Positions at, KafkaTopic now) {

    static TopicChange of(Positions at, KafkaTopic now) {
        return new TopicChange(at, now);
    }

    /** Whether what is in the log needs positions of its own. */
    boolean isAnew() {
        return isOther() || now.logs().keySet().stream().anyMatch(this::isAhead);
    }

    /** Whether the log begins after a lane's checkpoint. A lake that lacks events rests alone. */
    boolean isGap() {
        return now.logs().keySet().stream()
                .anyMatch(p -> at.lanes().containsKey(p) && at.lanes().get(p) < log(p).beginning());
    }

    /** Another topic of the same name. */
    private boolean isOther() {
        return at.known().id() != null && now.id() != null && !at.known().id().equals(now.id());
    }

    /** Whether the checkpoints may be of another topic, of which nobody knew the id. */
    private boolean isUnknown() {
        return at.known().id() == null || now.id() == null;
    }

    /** Whether somebody has read more than the log has. */
    private boolean isAhead(int partition) {
        return nexts(partition).anyMatch(next -> next > log(partition).end());
    }

    private LogRange log(int partition) {
        return now.logs().get(partition).shifted(at.known().base());
    }

    private LongStream nexts(int partition) {
        LongStream lakes = at.lakes().stream()
                .filter(lake -> lake.partition() == partition)
                .mapToLong(LakePosition::next);
        return at.lanes().containsKey(partition)
                ? LongStream.concat(LongStream.of(at.lanes().get(partition)), lakes)
                : lakes;
    }

    /** The highest position that was taken of the topic. */
    long highest() {
        return LongStream.concat(
                        at.lanes().values().stream().mapToLong(Long::longValue),
                        at.lakes().stream().mapToLong(LakePosition::next))
                .max()
                .orElse(0);
    }

    /** The partitions that it has or had. */
    TreeSet<Integer> partitions() {
        TreeSet<Integer> all = new TreeSet<>(at.lanes().keySet());
        all.addAll(now.logs().keySet());
        return all;
    }

    /** Those that it had. */
    List<Integer> gone() {
        return at.lanes().keySet().stream()
                .filter(p -> !now.logs().containsKey(p))
                .toList();
    }

    long laneGoesOn(int partition, KnownTopic next, From from) {
        Long was = at.lanes().get(partition);
        return goesOn(partition, was == null ? -1 : was, next, from);
    }

    List<LakePosition> lakesGoOn(KnownTopic next, From from) {
        return at.lakes().stream().map(lake -> goesOn(lake, next, from)).toList();
    }

    private LakePosition goesOn(LakePosition lake, KnownTopic next, From from) {
        long position = goesOn(lake.partition(), lake.next(), next, from);
        boolean keeps = position == lake.next() - at.known().base() + next.base();
        boolean lacks = !isAnew() || lake.next() < at.lanes().getOrDefault(lake.partition(), 0L);
        return new LakePosition(lake.stream(), lake.partition(), position, !keeps && lacks);
    }

    /** @param was position; below 0 for a partition that was never read */
    private long goesOn(int partition, long was, KnownTopic next, From from) {
        if (!now.logs().containsKey(partition)) {
            return next.base();
        }
        LogRange log = now.logs().get(partition).shifted(next.base());
        if (was < 0 && !isAnew()) {
            return log.beginning();
        }
        boolean keeps = !isOther() && !(isAnew() && isUnknown()) && !isAhead(partition);
        long moved = was - at.known().base() + next.base();
        if (keeps && was >= 0 && moved >= log.beginning()) {
            return moved;
        }
        return from == From.END ? log.end() : log.beginning();
    }

    /**
     * What the lakes will never have, as text.
     *
     * @param lakes where they go on
     */
    List<String> lost(List<LakePosition> lakes) {
        List<String> lost = new ArrayList<>();
        for (int i = 0; i < lakes.size(); i++) {
            LakePosition was = at.lakes().get(i);
            if (lakes.get(i).skips()) {
                long end = isAnew()
                        ? at.lanes().get(was.partition())
                        : lakes.get(i).next();
                lost.add("the lake of stream " + was.stream() + " will never have positions " + was.next() + " to "
                        + (end - 1) + " of partition " + was.partition());
            }
        }
        return lost;
    }
}
