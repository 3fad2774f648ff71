package dev.nightsafe.runner.process;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Signals to whole sessions of processes: {@link Process#destroy} reaches only the first of them. Each process is held by a
 * descriptor, where there are such, while it is made sure that it is still the one that is meant.
 */
public final class Signals {
    public static final int TERM = 15;
    public static final int KILL = 9;

    @SuppressWarnings("restricted") // the jar's manifest and the start scripts allow native access
    private static final MethodHandle KILL_CALL = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("kill"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private Signals() {}

    /** Sends to the process, its descendants and, while it runs, its process group; those that are gone don't matter. */
    public static void send(Process process, int signal) {
        try (ProcessGroup group = ProcessGroup.of(process)) {
            group.send(signal);
        }
    }

    /** Sends to the descendants alone: the process itself is a wrapper that would take them with it. */
    public static void sendInside(Process wrapper, int signal) {
        sendTo(wrapper.descendants(), signal);
    }

    /** Sends to one process alone: this one, or its first child's first child and so on, so many generations down. */
    public static void sendFirst(Process process, int generations, int signal) {
        Optional<ProcessHandle> one = Optional.of(process.toHandle());
        for (int i = 0; i < generations; i++) {
            one = one.flatMap(parent -> parent.children().findFirst());
        }
        one.ifPresent(found -> sendTo(found, signal));
    }

    /** To the group of this number: to be called only while its leader runs. */
    static void sendToGroup(long leader, int signal) {
        call(-(int) leader, signal);
    }

    static void sendTo(Stream<ProcessHandle> processes, int signal) {
        processes.forEach(each -> sendTo(each, signal));
    }

    /** A handle knows when its process began, so it isn't taken for another that has its number now. */
    static void sendTo(ProcessHandle one, int signal) {
        Optional<ProcessDescriptor> descriptor =
                ProcessDescriptor.isSupported() ? ProcessDescriptor.of(one.pid()) : Optional.empty();
        try (ProcessDescriptor held = descriptor.orElse(null)) {
            if (one.isAlive() && (held == null || !held.send(signal))) {
                call((int) one.pid(), signal);
            }
        }
    }

    private static void call(int pid, int signal) {
        try {
            var _ = (int) KILL_CALL.invokeExact(pid, signal);
        } catch (Throwable e) {
            throw new IllegalStateException("kill can't be called", e);
        }
    }
}
