package dev.leat.retry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RetryTest {

    private static final Duration MIN = Duration.ofMillis(100);
    private static final Duration MAX = Duration.ofMillis(450);

    private final List<String> told = new ArrayList<>();
    private final List<Duration> pauses = new ArrayList<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private Instant now = Instant.EPOCH;
    private Runnable whilePausing = () -> {};

    private final Outage outage = new Outage(
            new Backoff(MIN, MAX, () -> Long.MAX_VALUE),
            new Outage.Listener() {
                @Override
                public void began(Throwable failure) {
                    told.add("began " + failure.getMessage());
                }

                @Override
                public void ended(Duration lasted) {
                    told.add("ended after " + lasted.toMillis());
                }
            },
            () -> now);

    private final Retry retry =
            new Retry(outage, failure -> failure instanceof UncheckedIOException, closed, this::pause);

    private void pause(CompletableFuture<?> closed, Duration atMost) {
        pauses.add(atMost);
        now = now.plus(atMost);
        whilePausing.run();
    }

    @Test
    void what_works_at_once_tells_nothing() throws InterruptedException {
        assertEquals("answer", retry.call(() -> "answer"));
        assertEquals(List.of(), told);
        assertEquals(List.of(), pauses);
    }

    @Test
    void an_outage_is_told_once_when_it_begins_and_once_when_it_ends() throws InterruptedException {
        assertEquals("answer", retry.call(answerAfter(4)));

        assertEquals(List.of("began java.io.IOException: away 1", "ended after " + sum(pauses)), told);
        assertEquals(4, pauses.size());
    }

    @Test
    void pauses_double_up_to_the_limit_and_are_at_least_half() throws InterruptedException {
        retry.call(answerAfter(4));
        List<Duration> limits = List.of(MIN, MIN.multipliedBy(2), MIN.multipliedBy(4), MAX);
        for (int i = 0; i < 4; i++) {
            assertTrue(pauses.get(i).compareTo(limits.get(i)) <= 0, pauses.toString());
            assertTrue(pauses.get(i).compareTo(limits.get(i).dividedBy(2)) >= 0, pauses.toString());
        }
    }

    @Test
    void after_an_outage_the_next_one_begins_with_the_shortest_pause() throws InterruptedException {
        retry.call(answerAfter(4));
        pauses.clear();

        retry.call(answerAfter(1));

        assertTrue(pauses.getFirst().compareTo(MIN) <= 0, pauses.toString());
        assertEquals(4, told.size());
    }

    @Test
    void a_failure_that_is_no_outage_passes_through() {
        IllegalStateException defect = new IllegalStateException("defect");
        assertSame(
                defect,
                assertThrows(
                        IllegalStateException.class,
                        () -> retry.call(() -> {
                            throw defect;
                        })));
        assertThrows(
                IOException.class,
                () -> retry.call(() -> {
                    throw new IOException("checked");
                }));
        assertEquals(List.of(), told);
        assertEquals(List.of(), pauses);
    }

    @Test
    void an_answer_to_a_question_does_not_end_the_outage() throws InterruptedException {
        retry.ask(answerAfter(1));
        assertTrue(outage.isOn());

        retry.ask(answerAfter(1));
        outage.succeeded();

        assertFalse(outage.isOn());
        assertEquals(List.of("began java.io.IOException: away 1", "ended after " + sum(pauses)), told);
    }

    @Test
    void closing_ends_the_pause_and_the_retrying() {
        whilePausing = () -> closed.complete(null);

        RetryClosedException e = assertThrows(RetryClosedException.class, () -> retry.call(answerAfter(9)));

        assertEquals("closed while unavailable: java.io.IOException: away 1", e.getMessage());
        assertEquals(1, pauses.size());
    }

    @Test
    void a_failure_after_closing_is_no_outage() {
        closed.complete(null);
        assertThrows(RetryClosedException.class, () -> retry.call(answerAfter(1)));
        assertEquals(List.of(), told);
    }

    @Test
    void a_wrapped_interruption_ends_the_retrying() {
        UncheckedIOException wrapped = new UncheckedIOException(new IOException(new InterruptedException()));
        assertThrows(
                InterruptedException.class,
                () -> retry.call(() -> {
                    throw wrapped;
                }));
        assertEquals(List.of(), told);
    }

    @Test
    void a_pause_without_a_failure_begins_no_outage() throws InterruptedException {
        retry.pause();
        retry.pause();
        assertEquals(2, pauses.size());
        assertFalse(outage.isOn());
        assertEquals(List.of(), told);
    }

    @Test
    void a_thread_that_pauses_is_released_by_closing() throws InterruptedException {
        AtomicReference<Throwable> end = new AtomicReference<>();
        CompletableFuture<Void> tried = new CompletableFuture<>();
        Duration day = Duration.ofDays(1);
        Retry waiting = new Retry(
                new Outage(new Backoff(day, day), new Outage.Listener() {
                    @Override
                    public void began(Throwable failure) {
                        tried.complete(null);
                    }

                    @Override
                    public void ended(Duration lasted) {}
                }),
                failure -> true,
                closed);
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                waiting.call(answerAfter(1));
            } catch (RetryClosedException | InterruptedException e) {
                end.set(e);
            }
        });
        tried.join();

        closed.complete(null);

        thread.join();
        assertTrue(end.get() instanceof RetryClosedException);
    }

    private static Retry.Call<String, RuntimeException> answerAfter(int failures) {
        AtomicInteger calls = new AtomicInteger();
        return () -> {
            if (calls.incrementAndGet() <= failures) {
                throw new UncheckedIOException(new IOException("away " + calls));
            }
            return "answer";
        };
    }

    private static long sum(List<Duration> pauses) {
        return pauses.stream().mapToLong(Duration::toMillis).sum();
    }
}
