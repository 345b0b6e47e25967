package dev.leat.stack;

import java.lang.management.ManagementFactory;
import java.util.function.Supplier;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;

/**
 * One process for the whole JVM. A static field isn't enough: JUnit loads our classes, and each Quarkus application under
 * test loads them again; so does Maven when quarkus:dev restarts after a change of the pom. The platform's MBean server is an object that all of them see, and it keeps the pipe to the
 * process open. Safe for several threads and class loaders.
 */
final class SharedProcess {
    private static final String NAME = "dev.leat:type=LocalStack";

    private SharedProcess() {}

    private static Process held(MBeanServer beans, ObjectName name) throws JMException {
        return (Process) beans.invoke(name, "get", new Object[0], new String[0]);
    }

    /** The process that was started first, or after that one has ended; by {@code starter} if there is none. */
    static Process get(Supplier<Process> starter) {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        // shared by all class loaders, unlike a lock on our class
        synchronized (beans) {
            try {
                var name = new ObjectName(NAME);
                if (beans.isRegistered(name) && !held(beans, name).isAlive()) {
                    beans.unregisterMBean(name);
                }
                if (!beans.isRegistered(name)) {
                    Process started = starter.get();
                    Supplier<Process> holder = () -> started;
                    beans.registerMBean(new StandardMBean(holder, Supplier.class), name);
                }
                return held(beans, name);
            } catch (JMException e) {
                throw new IllegalStateException("cannot share the local stack", e);
            }
        }
    }
}
