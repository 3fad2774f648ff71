package dev.nightsafe.keeper.leases;

import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.database.keeper.ConsoleTables;
import dev.nightsafe.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** A queue's deployment as the console has it now. */
public record Deployed(ConsoleTables.Queue queue, Deployment deployment) {

    /** Reads a row; empty when deployment and digest don't belong together, which only somebody else can have written. */
    public static Optional<Deployed> of(ConsoleTables.Queue queue) {
        try {
            Deployment deployment = read(queue.deployment());
            return deployment.digest().equals(queue.deploymentDigest())
                    ? Optional.of(new Deployed(queue, deployment))
                    : Optional.empty();
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    /** Reads {@link Deployment#toMap} as it is stored. */
    @SuppressWarnings("unchecked") // a JSON object is a map with strings as keys
    public static Deployment read(String json) {
        return Deployment.fromMap(Json.read(json.getBytes(StandardCharsets.UTF_8), Map.class));
    }
}
