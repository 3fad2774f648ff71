package dev.nightsafe.testkit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A second JVM on the tests' class path: what a test kills, traces or refuses. */
public final class ChildJvm {
    private ChildJvm() {}

    /**
     * How to start {@code main}; its errors go to the tests' own.
     *
     * @param launcher what starts the JVM, for example {@code strace -f}; may be empty
     */
    public static ProcessBuilder of(List<String> launcher, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(launcher);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath(),
                main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    }

    /** Surefire hides the tests' class path in a jar's manifest, and says it here. */
    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
