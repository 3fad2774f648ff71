package dev.nightsafe.core.process;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what this process has in memory from other processes of the same user, and off the disk. It doesn't keep it from
 * root, and only the JVM's flags keep debuggers of Java out ({@code -XX:+DisableAttachMechanism}).
 */
public final class ThisProcess {
    private static final int PR_SET_DUMPABLE = 4;
    private static final int RLIMIT_CORE = 4;
    private static final int RLIMIT_MEMLOCK = 8;
    private static final int CAP_IPC_LOCK = 14;

    /** MCL_CURRENT, MCL_FUTURE and MCL_ONFAULT: what is touched stays in memory, the rest isn't fetched for it. */
    private static final int LOCK_WHAT_IS_TOUCHED = 7;

    private static final long UNLIMITED = -1;

    /**
     * One shape for all calls, as registers take it: a pointer is a long, and what a function has no parameter for it
     * doesn't read. Each further shape would cost each start a hundredth of a second.
     */
    private static final FunctionDescriptor CALL = FunctionDescriptor.of(
            ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);

    private static final MemoryLayout LIMIT = MemoryLayout.sequenceLayout(2, ValueLayout.JAVA_LONG);

    private final Linker linker = Linker.nativeLinker();
    private @Nullable MethodHandle caller;
    private final List<String> notDone = new ArrayList<>();

    private ThisProcess() {}

    /**
     * Other processes of this user can't read its memory, environment or descriptors from now on; it leaves no core dump.
     *
     * @return what couldn't be done, as sentences for the log; a start never fails for it
     */
    public static List<String> shield() {
        ThisProcess process = new ThisProcess();
        process.shieldIt();
        return List.copyOf(process.notDone);
    }

    /**
     * As {@link #shield}, and its memory isn't written to swap, where this user may lock that much: with {@code
     * CAP_IPC_LOCK} or an unlimited RLIMIT_MEMLOCK. A smaller limit would end the process when it grew beyond it.
     */
    public static List<String> shieldAndLock() {
        ThisProcess process = new ThisProcess();
        process.shieldIt();
        if (isLinux()) {
            process.attempt("its memory may be swapped out (raise LimitMEMLOCK to infinity)", process::lock);
        }
        return List.copyOf(process.notDone);
    }

    private void shieldIt() {
        if (isLinux()) {
            attempt("other processes of this user may read its memory", this::forbidReading);
            attempt("a crash may leave a core dump", this::forbidDumps);
        } else {
            notDone.add("only on Linux is its memory kept from other processes of this user");
        }
    }

    private static boolean isLinux() {
        return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).equals("linux");
    }

    /** True when the system did it. */
    private interface Call {
        boolean run(Arena arena) throws Throwable;
    }

    private void attempt(String otherwise, Call call) {
        try (Arena arena = Arena.ofConfined()) {
            if (!call.run(arena)) {
                notDone.add(otherwise);
            }
        } catch (Throwable e) {
            notDone.add(otherwise + " (" + e.getClass().getSimpleName() + ")");
        }
    }

    private boolean forbidReading(Arena arena) throws Throwable {
        return call("prctl", PR_SET_DUMPABLE, 0) == 0;
    }

    private boolean forbidDumps(Arena arena) throws Throwable {
        MemorySegment none = arena.allocate(LIMIT);
        return call("setrlimit", RLIMIT_CORE, none.address()) == 0;
    }

    private boolean lock(Arena arena) throws Throwable {
        MemorySegment limit = arena.allocate(LIMIT);
        boolean known = call("getrlimit", RLIMIT_MEMLOCK, limit.address()) == 0;
        boolean unlimited = known && limit.getAtIndex(ValueLayout.JAVA_LONG, 0) == UNLIMITED;
        return (unlimited || hasCapability()) && call("mlockall", LOCK_WHAT_IS_TOUCHED, 0) == 0;
    }

    private static boolean hasCapability() throws IOException {
        return Files.readString(Path.of("/proc/self/status"))
                .lines()
                .filter(line -> line.startsWith("CapEff:"))
                .map(line -> Long.parseUnsignedLong(
                        line.substring("CapEff:".length()).strip(), 16))
                .anyMatch(capabilities -> (capabilities & 1L << CAP_IPC_LOCK) != 0);
    }

    @SuppressWarnings("restricted") // the jars' manifests and the start scripts allow native access
    private int call(String name, int first, long second) throws Throwable {
        if (caller == null) {
            caller = linker.downcallHandle(CALL, Linker.Option.firstVariadicArg(1));
        }
        return (int) caller.invokeExact(linker.defaultLookup().findOrThrow(name), first, second, 0L);
    }
}
