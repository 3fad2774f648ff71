package dev.nightsafe.runner.process;

import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A process that leads a process group, with those in its group and its descendants. A group's number may be another one's as
 * soon as its leader was reaped: from then on the group is reached by the descriptor alone that was opened before (Linux 6.9
 * and later), else what it left running is left to whoever ends the whole cell. Thread-safe.
 */
public final class ProcessGroup implements AutoCloseable {
    private final Process leader;
    private @Nullable ProcessDescriptor held;

    private ProcessGroup(Process leader, @Nullable ProcessDescriptor held) {
        this.leader = leader;
        this.held = held;
    }

    /** To be made while the leader runs. */
    public static ProcessGroup of(Process leader) {
        Optional<ProcessDescriptor> opened =
                ProcessDescriptor.isSupported() ? ProcessDescriptor.of(leader.pid()) : Optional.empty();
        ProcessDescriptor descriptor = opened.orElse(null);
        if (descriptor != null && !leader.isAlive()) {
            descriptor.close(); // it may be another's
            descriptor = null;
        }
        return new ProcessGroup(leader, descriptor);
    }

    /** Sends to all of them; those that are gone don't matter. */
    public synchronized void send(int signal) {
        Stream<ProcessHandle> descendants = leader.descendants();
        boolean sent = held != null && held.sendToGroup(signal);
        if (!sent && leader.isAlive()) {
            Signals.sendToGroup(leader.pid(), signal);
        }
        Signals.sendTo(descendants, signal);
        Signals.sendTo(leader.toHandle(), signal);
    }

    @Override
    public synchronized void close() {
        if (held != null) {
            held.close();
            held = null;
        }
    }
}
