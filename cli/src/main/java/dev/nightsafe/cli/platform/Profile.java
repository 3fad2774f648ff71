package dev.nightsafe.cli.platform;

import dev.nightsafe.core.keys.KeyFile;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.protocol.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where commands go by default: {@code $NIGHTSAFE_HOME/cli/profile.json}, written by {@code login} and {@code up}.
 *
 * @param server address of the console
 * @param root fingerprint of the keeper's root; deposits are sealed only to locks that it certified
 * @param workspace null for {@code default}
 * @param tokenFile file with the API token
 */
public record Profile(
        String server,
        @Nullable String root,
        @Nullable String workspace,
        @Nullable String tokenFile) {
    private static final String DEFAULT_SERVER = "http://127.0.0.1:7600";

    /** The file in a data folder. */
    public static Path file(Path home) {
        return home.resolve("cli/profile.json");
    }

    /** The first token that a console on this machine writes. */
    public static Path firstToken(Path home) {
        return home.resolve("cli/token");
    }

    /**
     * The profile of a data folder. Where none was written but a console has put its first token, the console and the
     * keeper of this folder are meant.
     */
    public static Optional<Profile> read(Path home) {
        Path file = file(home);
        try {
            return Optional.of(Json.read(Files.readAllBytes(file), Profile.class));
        } catch (NoSuchFileException e) {
            return Files.exists(firstToken(home)) ? Optional.of(ofThisMachine(home)) : Optional.empty();
        } catch (IOException | NightsafeException e) {
            throw new CliException(
                    ExitCode.FAILED, "can't read " + file, "delete it and sign in again: nightsafe login", e);
        }
    }

    private static Profile ofThisMachine(Path home) {
        String root = readText(home.resolve("keeper/root.fingerprint")).orElse(null);
        return new Profile(DEFAULT_SERVER, root, null, firstToken(home).toString());
    }

    public void write(Path home) {
        KeyFile.folder(home);
        KeyFile.folder(home.resolve("cli"));
        KeyFile.write(file(home), (Output.pretty(this) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    public Profile withWorkspace(String name) {
        return new Profile(server, root, name, tokenFile);
    }

    /** A small text file's content without space around it; empty when it isn't there. */
    public static Optional<String> readText(Path file) {
        try {
            return Optional.of(Files.readString(file).strip());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILED, "can't read " + file, "check who owns it", e);
        }
    }
}
