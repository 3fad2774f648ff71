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
    private static final MemoryLayout LIMIT = MemoryLayout.sequenceLayout(2, ValueLayout.JAVA_LONG);

    private final Linker linker = Linker.nativeLinker();
    private final List<String> notDone = new ArrayList<>();

    private ThisProcess() {}

    /**
     * Other processes of this user can't read its memory, environment or descriptors from now on; it leaves no core dump.
     *
     * @return what couldn't be done, as sentences for the log; a start never fails for it
     */
    public static List<String> shield() {
        ThisProcess process = new ThisProcess();
        if (isLinux()) {
            process.attempt("other processes of this user may read its memory", process::forbidReading);
            process.attempt("a crash may leave a core dump", process::forbidDumps);
        } else {
            process.notDone.add("only on Linux is its memory kept from other processes of this user");
        }
        return List.copyOf(process.notDone);
    }

    /**
     * As {@link #shield}, and its memory isn't written to swap, where this user may lock that much: with {@code
     * CAP_IPC_LOCK} or an unlimited RLIMIT_MEMLOCK. A smaller limit would end the process when it grew beyond it.
     */
    public static List<String> shieldAndLock() {
        ThisProcess process = new ThisProcess();
        process.notDone.addAll(shield());
        if (isLinux()) {
            process.attempt("its memory may be swapped out (raise LimitMEMLOCK to infinity)", process::lock);
        }
        return List.copyOf(process.notDone);
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
        FunctionDescriptor prctl = FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);
        return (int) call("prctl", prctl, Linker.Option.firstVariadicArg(1)).invokeExact(PR_SET_DUMPABLE, 0L, 0L) == 0;
    }

    private boolean forbidDumps(Arena arena) throws Throwable {
        MemorySegment none = arena.allocate(LIMIT);
        return (int) call("setrlimit", limitCall()).invokeExact(RLIMIT_CORE, none) == 0;
    }

    private boolean lock(Arena arena) throws Throwable {
        MemorySegment limit = arena.allocate(LIMIT);
        boolean known = (int) call("getrlimit", limitCall()).invokeExact(RLIMIT_MEMLOCK, limit) == 0;
        boolean unlimited = known && limit.getAtIndex(ValueLayout.JAVA_LONG, 0) == UNLIMITED;
        FunctionDescriptor mlockall = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
        return (unlimited || hasCapability())
                && (int) call("mlockall", mlockall).invokeExact(LOCK_WHAT_IS_TOUCHED) == 0;
    }

    private static boolean hasCapability() throws IOException {
        return Files.readString(Path.of("/proc/self/status"))
                .lines()
                .filter(line -> line.startsWith("CapEff:"))
                .map(line -> Long.parseUnsignedLong(
                        line.substring("CapEff:".length()).strip(), 16))
                .anyMatch(capabilities -> (capabilities & 1L << CAP_IPC_LOCK) != 0);
    }

    private static FunctionDescriptor limitCall() {
        return FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
    }

    @SuppressWarnings("restricted") // the jars' manifests and the start scripts allow native access
    private MethodHandle call(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, options);
    }
}
