package dev.nightsafe.cli.demo;

import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.ExitCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A git repository made from an example's folder; a new commit only when the example changed. */
final class DemoRepository {
    private static final List<String> AUTHOR = List.of(
            "-c", "user.name=Nightsafe demo", "-c", "user.email=demo@nightsafe.invalid", "-c", "commit.gpgsign=false");

    private final Path folder;

    DemoRepository(Path folder) {
        this.folder = folder;
    }

    /** Its address. */
    String url() {
        return "file://" + folder;
    }

    void makeFrom(Path example) {
        try {
            Files.createDirectories(folder);
            copy(example);
        } catch (IOException e) {
            throw new UncheckedIOException("can't copy " + example + " to " + folder, e);
        }
        if (!Files.isDirectory(folder.resolve(".git"))) {
            git("init", "-q", "-b", "main");
        }
        if (!git("status", "--porcelain").isBlank()) {
            git("add", "-A");
            git("commit", "-q", "-m", "The example as it is");
        }
    }

    private void copy(Path example) throws IOException {
        Set<String> wanted = files(example);
        for (String file : files(folder)) {
            if (!wanted.contains(file)) {
                Files.delete(folder.resolve(file));
            }
        }
        for (String file : wanted) {
            Path target = folder.resolve(file);
            Files.createDirectories(target.getParent());
            Files.copy(example.resolve(file), target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static Set<String> files(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            Set<String> files = new TreeSet<>();
            all.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .filter(file -> !file.matches("(.*/)?(\\.git|\\.venv|__pycache__)/.*"))
                    .forEach(files::add);
            return files;
        }
    }

    /** Runs git without the user's configuration, so that hooks, signing and templates don't matter. */
    private String git(String... arguments) {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(AUTHOR);
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
        builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
        builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw CliException.failed("git " + arguments[0] + " failed in " + folder + ": " + said.strip(), null);
            }
            return said;
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILED, "can't run git", "install git and try again", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException(ExitCode.FAILED, "interrupted", null, e);
        }
    }
}
