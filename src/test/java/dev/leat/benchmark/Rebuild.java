package dev.leat.benchmark;

import dev.leat.stack.LeatProcess;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import org.awaitility.Awaitility;

/** A view made anew from the lake: some of its rows are spoiled, and the time counts until none is. */
final class Rebuild {

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private Rebuild() {}

    /** A sentence; begins when the application has taken in all of the topic. */
    static String measure(Run run, LeatProcess leat, Sink sink) {
        Awaitility.await().atMost(PATIENCE).until(sink::isRight);
        try (Postgres postgres = new Postgres(run.database())) {
            postgres.execute("UPDATE views.rides_latest SET total_amount = -1 WHERE ride_number % 1000 = 0");
            long begin = System.nanoTime();
            HttpResponse<String> answer = leat.send("POST", "/api/views/rides_latest/rebuild");
            if (answer.statusCode() == 404 || answer.statusCode() == 405) {
                return "Rebuild: not measured, because the application answers %d.%n".formatted(answer.statusCode());
            }
            if (answer.statusCode() / 100 != 2) {
                throw new AssertionError("a rebuild was answered with " + answer.statusCode() + ": " + answer.body());
            }
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(500))
                    .until(() ->
                            postgres.number("SELECT count(*) FROM views.rides_latest WHERE total_amount = -1") == 0);
            double seconds = (System.nanoTime() - begin) / 1e9;
            return String.format(
                    Locale.ROOT,
                    "Rebuild of `latest` from the lake: %,d rides in %.1f s, %,.0f rides/s.%n",
                    run.topic().rows(),
                    seconds,
                    run.topic().rows() / seconds);
        }
    }
}
