package dev.nightsafe.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A repository in a folder, worked on with the system's git. */
record Repository(Path folder) {
    /** Makes it, with the branch {@code main}. */
    static Repository in(Path folder) throws IOException {
        Repository made = new Repository(Files.createDirectories(folder));
        made.git("init", "-q", "-b", "main");
        return made;
    }

    Repository write(String file, String content) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent() == null ? folder : path.getParent());
        Files.writeString(path, content);
        return this;
    }

    /** Commits all that is there; its id. */
    String commit() throws IOException {
        git("add", "-A");
        git("-c", "user.name=Test", "-c", "user.email=test@example.com", "commit", "-q", "--allow-empty", "-m", "test");
        return git("rev-parse", "HEAD").strip();
    }

    String git(String... arguments) throws IOException {
        List<String> command =
                Stream.concat(Stream.of("git"), Stream.of(arguments)).toList();
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            assertThat(process.waitFor()).as(output).isZero();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        return output;
    }
}
