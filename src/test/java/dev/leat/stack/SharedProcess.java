package dev.leat.stack;

import java.lang.management.ManagementFactory;
import java.util.function.Supplier;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;

/**
 * One process for the whole JVM. A static field isn't enough: JUnit loads our classes, and each Quarkus application under
 * test loads them again. The platform's MBean server is an object that all of them see, and it keeps the pipe to the
 * process open. Safe for several threads and class loaders.
 */
final class SharedProcess {
    private static final String NAME = "dev.leat:type=LocalStack";

    private SharedProcess() {}

    /** The process that was started first; by {@code starter} if this is the first call in this JVM. */
    static Process get(Supplier<Process> starter) {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        // shared by all class loaders, unlike a lock on our class
        synchronized (beans) {
            try {
                var name = new ObjectName(NAME);
                if (!beans.isRegistered(name)) {
                    Process started = starter.get();
                    Supplier<Process> holder = () -> started;
                    beans.registerMBean(new StandardMBean(holder, Supplier.class), name);
                }
                return (Process) beans.invoke(name, "get", new Object[0], new String[0]);
            } catch (JMException e) {
                throw new IllegalStateException("cannot share the local stack", e);
            }
        }
    }
}
