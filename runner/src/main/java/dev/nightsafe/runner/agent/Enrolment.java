package dev.nightsafe.runner.agent;

import dev.nightsafe.core.keys.KeyFile;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.protocol.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Who this runner is to its keeper, {@code enrolment.json}.
 *
 * @param keeper address at which it was enrolled
 * @param rootKey the keeper's root, pinned; base64
 * @param tokenHash SHA-256 of the token that was used, so that a start with the same one isn't another enrolment
 */
public record Enrolment(
        String runnerId,
        String workspaceId,
        String site,
        List<String> queues,
        String keeper,
        String rootKey,
        String tokenHash) {

    public Ed25519.PublicKey root() {
        return new Ed25519.PublicKey(Base64.getDecoder().decode(rootKey));
    }

    static Optional<Enrolment> read(Path folder) {
        Path file = file(folder);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Json.read(Files.readAllBytes(file), Enrolment.class));
        } catch (IOException | NightsafeException e) {
            throw new NightsafeException(
                    ProblemCode.BAD_REQUEST,
                    "can't read " + file + "; delete it and start with a new enrolment token",
                    e);
        }
    }

    void write(Path folder) {
        KeyFile.write(file(folder), Json.write(this));
    }

    private static Path file(Path folder) {
        return folder.resolve("enrolment.json");
    }
}
