package dev.nightsafe.runner.process;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** A process by a descriptor (Linux's pidfd): a signal through it reaches no other that got the same number meanwhile. */
final class ProcessDescriptor implements AutoCloseable {
    private static final Optional<MethodHandle> OPEN = call("pidfd_open", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    private static final Optional<MethodHandle> SEND = call(
            "pidfd_send_signal", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    private static final Optional<MethodHandle> CLOSE = call("close", ValueLayout.JAVA_INT);
    private static final int TO_GROUP = 4; // PIDFD_SIGNAL_PROCESS_GROUP
    private static final boolean SUPPORTED = isAllowed();

    private final int descriptor;

    private ProcessDescriptor(int descriptor) {
        this.descriptor = descriptor;
    }

    /** False where the C library (before glibc 2.36) has no such calls, or the kernel or a filter refuses them. */
    static boolean isSupported() {
        return SUPPORTED;
    }

    /** Tried on the process itself; signal 0 does nothing. */
    private static boolean isAllowed() {
        if (OPEN.isEmpty() || SEND.isEmpty() || CLOSE.isEmpty()) {
            return false;
        }
        Optional<ProcessDescriptor> own = of(ProcessHandle.current().pid());
        try (ProcessDescriptor held = own.orElse(null)) {
            return held != null && held.send(0);
        }
    }

    /** Of the process that has this number now; empty when none has, or no more descriptors are to be had. */
    static Optional<ProcessDescriptor> of(long pid) {
        try {
            int descriptor = (int) OPEN.orElseThrow().invokeExact((int) pid, 0);
            return descriptor < 0 ? Optional.empty() : Optional.of(new ProcessDescriptor(descriptor));
        } catch (Throwable e) {
            throw new IllegalStateException("pidfd_open can't be called", e);
        }
    }

    /** False when it wasn't sent: the process may have ended. */
    boolean send(int signal) {
        return send(signal, 0);
    }

    /**
     * Sends to the group that the process leads, or led when it has ended. False when it wasn't sent: there is none, or the
     * kernel is older than 6.9.
     */
    boolean sendToGroup(int signal) {
        return send(signal, TO_GROUP);
    }

    private boolean send(int signal, int flags) {
        try {
            return (int) SEND.orElseThrow().invokeExact(descriptor, signal, MemorySegment.NULL, flags) == 0;
        } catch (Throwable e) {
            throw new IllegalStateException("pidfd_send_signal can't be called", e);
        }
    }

    @Override
    public void close() {
        try {
            var _ = (int) CLOSE.orElseThrow().invokeExact(descriptor);
        } catch (Throwable e) {
            throw new IllegalStateException("close can't be called", e);
        }
    }

    @SuppressWarnings("restricted") // the jar's manifest and the start scripts allow native access
    private static Optional<MethodHandle> call(String name, MemoryLayout... arguments) {
        return Linker.nativeLinker()
                .defaultLookup()
                .find(name)
                .map(found -> Linker.nativeLinker()
                        .downcallHandle(found, FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments)));
    }
}
