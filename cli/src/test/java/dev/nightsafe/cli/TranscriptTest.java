package dev.nightsafe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.cli.fake.FakeConsole;
import dev.nightsafe.cli.fake.FakeLocalKeeper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Plays the sessions in {@code transcripts/}; {@code -Dtranscripts.update=true} writes them anew. */
class TranscriptTest {
    private static final Path FOLDER = Path.of("src/test/resources/transcripts");

    @TempDir
    Path folder;

    static List<String> transcripts() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("transcripts")
    void a_session_goes_as_written(String name) throws IOException {
        Path file = FOLDER.resolve(name);
        String expected = Files.readString(file);
        String played;
        try (FakeConsole console = new FakeConsole();
                FakeLocalKeeper keeper = new FakeLocalKeeper(folder.resolve("home"))) {
            played = play(expected, console, keeper);
        }
        if (Boolean.getBoolean("transcripts.update")) {
            Files.writeString(file, played);
        }
        assertThat(played).isEqualTo(expected);
    }

    private String play(String text, FakeConsole console, FakeLocalKeeper keeper) throws IOException {
        Map<String, String> names = new HashMap<>();
        names.put("$DIR", folder.toString());
        names.put("$SERVER", console.url());
        names.put("$TOKEN", console.token());
        names.put("$ROOT", console.rootFingerprint());
        Map<String, String> environment = new HashMap<>();
        environment.put("NIGHTSAFE_HOME", folder.resolve("home").toString());
        environment.put("PATH", isolatingTools() + ":/usr/bin:/bin");
        if (!text.startsWith("# Signed out")) {
            environment.put("NIGHTSAFE_SERVER", console.url());
            environment.put("NIGHTSAFE_TOKEN", console.token());
            environment.put("NIGHTSAFE_ROOT", console.rootFingerprint());
        }
        StringBuilder played = new StringBuilder();
        boolean output = false;
        for (String line : text.lines().toList()) {
            if (line.startsWith("$ ")) {
                output = true;
                played.append(line).append('\n');
                String command = line.substring(2);
                for (Map.Entry<String, String> each : names.entrySet()) {
                    command = command.replace(each.getKey(), each.getValue());
                }
                String written = run(Transcript.parse(command), environment, console, keeper);
                for (Map.Entry<String, String> each : names.entrySet()) {
                    written = written.replace(each.getValue(), each.getKey());
                }
                played.append(written);
            } else if (line.isEmpty() || !output) {
                output = false;
                played.append(line).append('\n');
            }
        }
        return played.toString().replaceAll("\n{3,}", "\n\n");
    }

    /** Whatever this machine has, and whoever we are: sessions are those of a machine that can isolate workers. */
    private Path isolatingTools() throws IOException {
        Path tools = Files.createDirectories(folder.resolve("tools"));
        for (String tool : List.of("bwrap", "setpriv")) {
            Path script = Files.writeString(tools.resolve(tool), "#!/bin/sh\n");
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        }
        return tools;
    }

    private static String run(
            Transcript.Line line, Map<String, String> environment, FakeConsole console, FakeLocalKeeper keeper)
            throws IOException {
        List<String> words = line.words();
        return switch (words.getFirst()) {
            case "write" -> {
                Path file = Path.of(words.get(1));
                Files.createDirectories(file.resolveSibling(""));
                Files.writeString(file, Transcript.unescape(words.get(2)));
                yield "";
            }
            case "cat" -> shown(Files.readString(Path.of(words.get(1))));
            case "given" -> {
                Situations.apply(words.get(1), console, keeper);
                yield "";
            }
            default -> nightsafe(line, environment);
        };
    }

    private static String nightsafe(Transcript.Line line, Map<String, String> environment) {
        Ran.Builder builder =
                Ran.with(environment).in(line.in()).typing(line.typed().toArray(String[]::new));
        line.variables().forEach(builder::variable);
        Ran ran = builder.run(line.words().subList(1, line.words().size()).toArray(String[]::new));
        String errors = ran.err()
                .lines()
                .map(each -> ("! " + each).stripTrailing() + "\n")
                .reduce("", String::concat);
        return shown(ran.out()) + errors + (ran.code() == 0 ? "" : "[" + ran.code() + "]\n");
    }

    /** Output as it stands in a transcript: an empty line shows as a dot, so that it isn't one between commands. */
    private static String shown(String output) {
        return output.lines().map(each -> each.isEmpty() ? ".\n" : each + "\n").reduce("", String::concat);
    }
}
