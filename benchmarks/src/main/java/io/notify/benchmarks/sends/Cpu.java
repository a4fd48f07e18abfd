package io.notify.benchmarks.sends;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import org.jspecify.annotations.Nullable;

/**
 * Processor time in nanoseconds, which tells two builds apart on a machine that others use as well.
 *
 * @param process of all threads: producers, log thread, collector, compiler
 * @param logThread of the log thread alone
 */
record Cpu(long process, long logThread) {
    private static final String LOG_THREAD = "notify-log";

    static Cpu now() {
        long process =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long logThread = 0;
        for (@Nullable ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().equals(LOG_THREAD)) {
                logThread += threads.getThreadCpuTime(thread.getThreadId());
            }
        }
        return new Cpu(process, logThread);
    }

    Cpu minus(Cpu before) {
        return new Cpu(process - before.process, logThread - before.logThread);
    }
}
