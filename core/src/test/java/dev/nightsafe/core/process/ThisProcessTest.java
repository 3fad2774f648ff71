package dev.nightsafe.core.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As seen by another process of the same user, who isn't root: from root nothing is kept. */
class ThisProcessTest {
    @TempDir
    Path folder;

    @Test
    void another_process_of_the_same_user_reads_neither_memory_nor_environment_nor_descriptors() throws Exception {
        try (Started process = start("shield")) {
            for (String what : List.of("environ", "mem", "maps", "fd/0")) {
                assertThat(process.peek("head -c 1 /proc/%d/" + what)).as(what).contains("Permission denied");
            }
            assertThat(process.peek("ls /proc/%d/fd")).contains("Permission denied");
        }
        try (Started unshielded = start("nothing")) {
            assertThat(unshielded.peek("head -c 1 /proc/%d/environ")).doesNotContain("Permission denied");
        }
    }

    @Test
    void it_leaves_no_core_dump() throws Exception {
        try (Started process = start("shield")) {
            assertThat(process.peek("cat /proc/%d/limits")).containsPattern("Max core file size +0 +0 ");
        }
    }

    @Test
    void what_can_not_be_done_is_said_and_stops_nothing() throws Exception {
        try (Started process = start("lock")) {
            assertThat(process.said).contains("LimitMEMLOCK");
        }
    }

    /** A JVM with nothing but the class under test, run by an ordinary user. */
    private Started start(String how) throws IOException {
        Path classes = Files.createDirectories(folder.resolve(how).resolve("dev/nightsafe/core/process"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (Class<?> each : List.of(ThisProcess.class, Shielded.class)) {
            Path from = Path.of(each.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .getPath())
                    .resolve("dev/nightsafe/core/process");
            try (var files = Files.newDirectoryStream(from, each.getSimpleName() + "*.class")) {
                for (Path file : files) {
                    Files.copy(file, classes.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
        List<String> command = new ArrayList<>(asUser());
        command.addAll(List.of("prlimit", "--memlock=65536:65536"));
        command.addAll(
                List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(), "-Xshare:auto"));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:-UsePerfData"));
        command.addAll(List.of("-cp", folder.resolve(how).toString(), Shielded.class.getName(), how));
        return new Started(new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    private static List<String> asUser() throws IOException {
        boolean root = Files.getOwner(Path.of("/proc/self")).getName().equals("root");
        return root ? List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups") : List.of();
    }

    private static final class Started implements AutoCloseable {
        final Process process;
        final String said;

        Started(Process process) throws IOException {
            this.process = process;
            BufferedReader reader = process.inputReader();
            StringBuilder lines = new StringBuilder();
            String line = reader.readLine();
            while (line != null && !line.equals("ready")) {
                lines.append(line).append('\n');
                line = reader.readLine();
            }
            assertThat(line).as("it started: " + lines).isNotNull();
            this.said = lines.toString();
        }

        String peek(String command) throws Exception {
            List<String> words = new ArrayList<>(asUser());
            words.addAll(List.of("sh", "-c", command.formatted(process.pid())));
            Process peeking =
                    new ProcessBuilder(words).redirectErrorStream(true).start();
            String said = new String(peeking.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            peeking.waitFor();
            return said;
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
