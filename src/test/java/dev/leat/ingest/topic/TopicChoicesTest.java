package dev.leat.ingest.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.ingest.topic.Choice.From;
import dev.leat.pipeline.Pipeline;
import dev.leat.schema.types.ValueRows;
import dev.leat.view.deduplication.DeduplicationFixture;
import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A topic that was deleted and made again, for views of all kinds without event time, against a real Postgres. */
class TopicChoicesTest {

    private static final UUID OLD = new UUID(0, 1);
    private static final UUID NEW = new UUID(0, 2);
    private static final String YAML = """
            streams:
              words: {topic: t.words, key: id, deduplicate: {by: sent, within: 7d}}
            views:
              words_latest: {latest: words}
              words_soft: {latest: words, soft-delete: true}
              words_log: {log: words}
              words_history: {history: words}
              words_keyed: {sql: "SELECT id, word FROM words WHERE word <> ''"}
              words_count: {sql: "SELECT word, count(*) AS n FROM words GROUP BY word"}
            """;

    private final ViewsFixture database = new ViewsFixture();
    private final Pipeline pipeline = SqlFixture.read(YAML);
    private final SqlFixture lanes =
            new SqlFixture(database, pipeline, Map.of("words", ValueRows.shape("id:STRING! word:STRING sent:STRING")));

    @AfterEach
    void close() {
        database.close();
    }

    private TopicChoices choices() {
        return new TopicChoices(
                pipeline,
                database.transactions(),
                lanes.requests(),
                DeduplicationFixture.seen(database.pool(), database.config()));
    }

    private static KafkaTopic topic(UUID id, long... ends) {
        Map<Integer, LogRange> logs = new TreeMap<>();
        for (int partition = 0; partition < ends.length; partition++) {
            logs.put(partition, new LogRange(0, ends[partition]));
        }
        return new KafkaTopic("t.words", id, logs);
    }

    private void knows(UUID id) {
        database.rows("INSERT INTO leat.topic_start (topic, partitions, topic_id) VALUES ('t.words', 2, '" + id
                + "') RETURNING topic");
    }

    private String only(String sql) {
        return String.valueOf(database.rows(sql).getFirst().getFirst());
    }

    private String words(String view) {
        return only("SELECT string_agg(id || word, ' ' ORDER BY id, word) FROM views." + view);
    }

    /** Lanes 0 and 1 of the first topic: a and b are there, c was deleted. */
    private void readTheFirstTopic() {
        lanes.event("words", 0, "a", "old", "1");
        lanes.event("words", 0, "c", "old", "2");
        lanes.delete("words", 0, "c", null, null);
        lanes.event("words", 1, "b", "old", "3");
        lanes.flush();
        knows(OLD);
    }

    @Test
    void what_a_new_topic_has_comes_after_all_that_the_old_one_had() {
        // Given
        readTheFirstTopic();

        // When
        TopicChoices.Outcome chosen = choices().choose(topic(NEW, 2, 1), Choice.CONTINUE, From.BEGINNING);
        lanes.event("words", 0, "a", "new", "4");
        lanes.event("words", 0, "c", "new", "5");
        lanes.event("words", 1, "b", "new", "6");
        lanes.flush();

        // Then
        assertThat(chosen.lanes()).isEqualTo(Map.of(0, 1_000_000L, 1, 1_000_000L));
        assertThat(words("words_latest")).isEqualTo("anew bnew cnew");
        assertThat(words("words_soft")).isEqualTo("anew bnew cnew");
        assertThat(words("words_keyed")).isEqualTo("anew bnew cnew");
        assertThat(only("SELECT string_agg(id || word, ' ' ORDER BY id) FROM views.words_history"
                        + " WHERE valid_to IS NULL"))
                .isEqualTo("anew bnew cnew");
        assertThat(words("words_log")).isEqualTo("anew aold bnew bold cnew cold");
        assertThat(only("SELECT string_agg(word || n, ' ' ORDER BY word) FROM views.words_count"))
                .isEqualTo("new3 old3");
        assertThat(database.rows("SELECT FROM leat.dead_letter")).isEmpty();
        assertThat(only("SELECT topic_id || ' ' || incarnation || ' ' || offset_base FROM leat.topic_start"))
                .isEqualTo(NEW + " 2 1000000");
    }

    @Test
    void a_delete_of_the_new_topic_takes_rows_of_the_old_one() {
        // Given
        readTheFirstTopic();

        // When
        choices().choose(topic(NEW, 1, 0), Choice.CONTINUE, From.BEGINNING);
        lanes.delete("words", 0, "a", null, null);
        lanes.flush();

        // Then
        assertThat(words("words_latest")).isEqualTo("bold");
        assertThat(words("words_keyed")).isEqualTo("bold");
        assertThat(words("words_soft WHERE NOT _deleted")).isEqualTo("bold");
    }

    @Test
    void the_views_begin_anew_with_what_the_new_topic_has() {
        // Given
        readTheFirstTopic();
        database.rows("INSERT INTO leat.dead_letter (stream, topic, partition, \"offset\", event_timestamp, headers,"
                + " reason, message, parks) VALUES ('words', 't.words', 0, 1, now(), '{}', 'MALFORMED', '', true)"
                + " RETURNING id");

        // When
        TopicChoices.Outcome chosen = choices().choose(topic(NEW, 2, 1), Choice.REBUILD, From.BEGINNING);
        lanes.event("words", 0, "a", "new", "1"); // sent before, with the old topic
        lanes.event("words", 1, "d", "new", "6");
        lanes.flush();
        rebuildAll();
        lanes.event("words", 0, "e", "next", "7");
        lanes.flush();

        // Then
        assertThat(chosen.rebuilt())
                .containsExactlyInAnyOrder(
                        "words_latest", "words_soft", "words_log", "words_history", "words_keyed", "words_count");
        for (String view : List.of("words_latest", "words_soft", "words_log", "words_history", "words_keyed")) {
            assertThat(words(view)).describedAs(view).isEqualTo("anew dnew enext");
        }
        assertThat(only("SELECT string_agg(word || n, ' ' ORDER BY word) FROM views.words_count"))
                .isEqualTo("new2 next1");
        assertThat(only("SELECT resolution FROM leat.dead_letter")).isEqualTo("superseded");
    }

    private void rebuildAll() {
        Random random = new Random(1);
        for (String view : pipeline.views().keySet()) {
            lanes.begin(view);
            boolean over = false;
            for (int step = 0; step < 100 && !over; step++) {
                over = lanes.step(view, random);
            }
            assertThat(over).describedAs(view).isTrue();
        }
        lanes.restart();
    }

    @Test
    void partitions_that_the_new_topic_hasnt_got_hold_nothing_back() {
        // Given
        readTheFirstTopic();

        // When
        choices().choose(topic(NEW, 2), Choice.CONTINUE, From.BEGINNING);

        // Then
        assertThat(database.rows("SELECT partition, next_offset FROM leat.checkpoint ORDER BY 1"))
                .containsExactly(List.of(0, 1_000_000L), List.of(1, 1_000_000L));
        assertThat(database.rows("SELECT partition FROM leat.stream_time WHERE partition = 1"))
                .isEmpty();
        assertThat(only("SELECT caught_up_at = 'infinity' FROM leat.checkpoint WHERE partition = 1"))
                .isEqualTo("true");
    }

    @Test
    void who_comes_second_finds_nothing_left_to_choose() {
        // Given
        readTheFirstTopic();
        choices().choose(topic(NEW, 2, 1), Choice.CONTINUE, From.BEGINNING);

        // Then
        assertThatThrownBy(() -> choices().choose(topic(NEW, 2, 1), Choice.CONTINUE, From.BEGINNING))
                .isInstanceOf(TopicConflict.class)
                .hasMessage("topic t.words is the one that its checkpoints are of, and its log has all that its lanes"
                        + " need; there is nothing to choose");
    }

    @Test
    void after_a_gap_of_the_same_topic_the_views_go_on_with_what_is_there_but_arent_begun_anew() {
        // Given
        readTheFirstTopic();
        KafkaTopic cut = new KafkaTopic("t.words", OLD, Map.of(0, new LogRange(5, 7), 1, new LogRange(0, 1)));

        // Then
        assertThatThrownBy(() -> choices().choose(cut, Choice.REBUILD, From.BEGINNING))
                .isInstanceOf(TopicConflict.class)
                .hasMessageContaining("rebuild isn't possible, but continue is;");
        assertThat(choices().choose(cut, Choice.CONTINUE, From.BEGINNING).lanes())
                .isEqualTo(Map.of(0, 5L, 1, 1L));
    }
}
