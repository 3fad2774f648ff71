package dev.nightsafe.runner.agent;

import dev.nightsafe.core.sealing.OpeningKey;
import dev.nightsafe.core.sealing.Sealing;
import dev.nightsafe.core.sealing.Suite;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.runner.local.RunnerConfig;
import dev.nightsafe.runner.outbound.KnownValues;
import dev.nightsafe.runner.outbound.Outbound;
import dev.nightsafe.runner.outbound.Redactor;
import dev.nightsafe.runner.workers.Machine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Goes through what a start needs, without a keeper, so that an ahead-of-time cache holds those classes. */
public final class Training {
    private Training() {}

    public static void run() {
        try {
            Path folder = Files.createTempDirectory("nightsafe-training");
            Path file = folder.resolve("runner.yaml");
            Files.writeString(
                    file,
                    "keeper: http://127.0.0.1:9\nisolation: none\nallow: {git: [], queues: []}\nfolder: " + folder);
            RunnerConfig config = RunnerConfig.read(file, Map.of());
            try (SecretBytes value = SecretBytes.takeFrom("training".getBytes(StandardCharsets.UTF_8));
                    Redactor redactor = Redactor.of(List.of(value));
                    OpeningKey key = OpeningKey.generate(Suite.X_WING);
                    Outbound outbound = new Outbound(config, Map.of(), new KnownValues())) {
                byte[] info = new byte[0];
                redactor.redact("training");
                Sealing.open(key, info, Sealing.seal(key.lock(), info, value)).close();
                outbound.signInAs("runner", "root", new Ed25519.Signer(Ed25519.newPrivateKey()));
                outbound.train();
            }
            System.err.println("trained " + Machine.class.getSimpleName() + ", " + Agent.class.getSimpleName());
            dev.nightsafe.runner.local.PrivateFiles.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
