package dev.nightsafe.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoRepositoryTest {
    @TempDir
    Path folder;

    @Test
    void a_commit_is_made_only_when_the_example_changed() throws Exception {
        Path example = folder.resolve("example");
        Files.createDirectories(example.resolve("__pycache__"));
        Files.writeString(example.resolve("main.py"), "print(1)\n");
        Files.writeString(example.resolve("old.py"), "print(1)\n");
        Files.writeString(example.resolve("__pycache__/main.pyc"), "x");
        Path target = folder.resolve("repositories/example");
        DemoRepository repository = new DemoRepository(target);
        repository.makeFrom(example);
        String first = git(target, "rev-parse", "main");
        repository.makeFrom(example);
        assertThat(git(target, "rev-parse", "main")).isEqualTo(first);
        assertThat(git(target, "ls-files")).isEqualTo("main.py\nold.py");

        Files.writeString(example.resolve("main.py"), "print(2)\n");
        Files.delete(example.resolve("old.py"));
        repository.makeFrom(example);
        assertThat(git(target, "rev-parse", "main")).isNotEqualTo(first);
        assertThat(git(target, "ls-files")).isEqualTo("main.py");
        assertThat(repository.url()).isEqualTo("file://" + target);
    }

    private static String git(Path folder, String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = "git";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process process = new ProcessBuilder(command).directory(folder.toFile()).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return said.strip();
    }
}
