package dev.leat.endtoend;

import dev.leat.stack.LeatProcess;
import dev.leat.stack.PgProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Instances of the application in one consumer group, and what befalls them. What happens when, to whom and for how long
 * follows from the seed; what the instances are doing at that moment doesn't. Keeps a history, for the message of a test
 * that fails. One thread.
 */
final class Chaos implements AutoCloseable {

    /** What may happen. All but the last three happen to one instance; every one ends by itself, or is ended in time. */
    enum Fault {
        /** {@code kill -9}, and started again within 3 s. */
        KILL,
        /** SIGSTOP for 1 to 10 s, which is shorter or longer than the group waits. */
        STALL,
        /** SIGTERM, and started again within 3 s: the group rebalances in order. */
        LEAVE,
        /** Its connections to Postgres break. */
        CUT,
        /** Its connections to Postgres break, and new ones are refused for up to 4 s. */
        REFUSE,
        /** Postgres ends everybody's session. */
        TERMINATE_SESSIONS,
        /** The broker stops, and starts again within 3 s. */
        RESTART_BROKER,
        /** Postgres is killed, and starts again within 3 s. */
        CRASH_POSTGRES
    }

    private static final class Instance {
        final int number;
        final PgProxy proxy;
        LeatProcess process;
        boolean stalled;

        Instance(int number, PgProxy proxy) {
            this.number = number;
            this.proxy = proxy;
        }

        boolean isRunning() {
            return process != null && !stalled;
        }
    }

    /**
     * @param victim picks one of the instances that run then
     * @param extent from 0 to 1, of how long it lasts
     */
    private record Planned(Fault fault, int victim, double extent) {}

    private record Due(long nanos, Runnable action) {}

    private final Scenario scenario;
    private final Map<String, String> settings;
    private final Random random;
    private final List<Instance> instances;
    private final PriorityQueue<Due> agenda = new PriorityQueue<>(Comparator.comparingLong(Due::nanos));
    private final List<String> history = new ArrayList<>();
    private final long begun = System.nanoTime();

    Chaos(Scenario scenario, int instances, Map<String, String> settings, long seed) {
        this.scenario = scenario;
        this.settings = settings;
        this.random = new Random(seed);
        this.instances = IntStream.range(0, instances)
                .mapToObj(number -> new Instance(number, PgProxy.to(scenario.database)))
                .toList();
    }

    /** Returns when all are ready. */
    void startInstances() {
        instances.forEach(this::start);
        instances.forEach(instance -> instance.process.awaitReady());
        note("all instances are ready");
    }

    /** Lets each fault happen so often within the time, and returns when that is over; some may not have ended yet. */
    void rage(Map<Fault, Integer> faults, Duration within) {
        long now = System.nanoTime();
        // In the order of the enum: a map's own order may differ from run to run.
        for (Fault fault : Fault.values()) {
            for (int i = 0; i < faults.getOrDefault(fault, 0); i++) {
                long at = now + (long) (random.nextDouble() * within.toNanos());
                Planned planned = new Planned(fault, random.nextInt(1_000), random.nextDouble());
                agenda.add(new Due(at, () -> strike(planned)));
            }
        }
        workUntil(now + within.toNanos());
    }

    /** Everything that was broken works again when this returns; who was ended is started again. */
    void heal() {
        while (!agenda.isEmpty()) {
            agenda.poll().action().run();
        }
        instances.stream().filter(instance -> instance.process == null).forEach(this::start);
        note("healed");
    }

    /** What happened when, a line each. */
    String history() {
        return String.join("\n", history);
    }

    private void workUntil(long end) {
        while (!agenda.isEmpty() && agenda.peek().nanos() - end < 0) {
            Due due = agenda.poll();
            while (due.nanos() - System.nanoTime() > 0) {
                LockSupport.parkNanos(due.nanos() - System.nanoTime());
            }
            due.action().run();
        }
    }

    private void later(double seconds, Runnable action) {
        agenda.add(new Due(System.nanoTime() + (long) (seconds * 1e9), action));
    }

    private void strike(Planned planned) {
        requireNobodyEndedByItself();
        double extent = planned.extent();
        switch (planned.fault()) {
            case TERMINATE_SESSIONS -> terminateSessions();
            case RESTART_BROKER -> {
                note("the broker stops");
                scenario.stack.stopKafka();
                later(3 * extent, this::startBroker);
            }
            case CRASH_POSTGRES -> {
                note("Postgres is killed");
                scenario.stack.killPostgres();
                later(3 * extent, this::startPostgres);
            }
            default -> {
                List<Instance> running =
                        instances.stream().filter(Instance::isRunning).toList();
                if (running.isEmpty()) {
                    note(planned.fault() + " finds nobody who runs");
                } else {
                    strike(planned.fault(), running.get(planned.victim() % running.size()), extent);
                }
            }
        }
    }

    private void strike(Fault fault, Instance victim, double extent) {
        note(fault + " of instance " + victim.number);
        switch (fault) {
            case KILL -> {
                victim.process.kill9();
                victim.process = null;
                later(3 * extent, () -> start(victim));
            }
            case STALL -> {
                victim.process.pause();
                victim.stalled = true;
                later(1 + 9 * extent, () -> wake(victim));
            }
            case LEAVE -> {
                LeatProcess.Exit exit = victim.process.terminate();
                note("instance %d has left after %.1f s with status %d"
                        .formatted(victim.number, exit.duration().toMillis() / 1e3, exit.status()));
                victim.process = null;
                later(3 * extent, () -> start(victim));
            }
            case CUT -> victim.proxy.cutAll();
            case REFUSE -> {
                victim.proxy.refuseFor(Duration.ofMillis((long) (4_000 * extent)));
                victim.proxy.cutAll();
            }
            default -> throw new IllegalArgumentException(fault + " has no single victim");
        }
    }

    private void start(Instance instance) {
        note("start of instance " + instance.number);
        instance.process = scenario.startThrough(instance.proxy, settings);
    }

    private void wake(Instance instance) {
        note("instance " + instance.number + " wakes");
        instance.stalled = false;
        instance.process.resume();
    }

    private void startBroker() {
        scenario.stack.startKafka();
        note("the broker answers again");
    }

    private void startPostgres() {
        scenario.stack.startPostgres();
        note("Postgres answers again");
    }

    private void terminateSessions() {
        try {
            long ended =
                    scenario.count("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '"
                            + scenario.name + "' AND backend_type = 'client backend' AND pid <> pg_backend_pid()");
            note("Postgres ends " + ended + " sessions");
        } catch (IllegalStateException e) {
            note("Postgres, which is away, ends no sessions");
        }
    }

    private void requireNobodyEndedByItself() {
        for (Instance instance : instances) {
            if (instance.process != null && !instance.process.isAlive()) {
                throw new AssertionError("instance " + instance.number + " has ended by itself");
            }
        }
    }

    private void note(String what) {
        String line = "%6.1f s  %s".formatted((System.nanoTime() - begun) / 1e9, what);
        history.add(line);
        System.err.println("[chaos] " + line);
    }

    /** The servers run afterwards, whatever happened; instances are the scenario's to kill. */
    @Override
    public void close() {
        scenario.stack.startPostgres();
        scenario.stack.startKafka();
        instances.forEach(instance -> instance.proxy.close());
    }
}
