package dev.nightsafe.cli;

import dev.nightsafe.cli.platform.ConsoleClient;
import dev.nightsafe.cli.platform.Output;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.queue.QueueYaml;
import dev.nightsafe.core.sealing.DepositBinding;
import dev.nightsafe.core.sealing.Lock;
import dev.nightsafe.core.sealing.LockCertificate;
import dev.nightsafe.core.sealing.OpeningKey;
import dev.nightsafe.core.sealing.Sealing;
import dev.nightsafe.core.sealing.Suite;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.json.Json;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Touches what commands use, so that packaging can put it into an AOT cache. Changes nothing, asks no server. */
final class Training {
    private Training() {}

    static void run() {
        seal();
        json();
        http();
    }

    private static void seal() {
        try (SecretBytes rootKey = Ed25519.newPrivateKey();
                OpeningKey key = OpeningKey.generate(Suite.X_WING);
                SecretBytes value = SecretBytes.takeFrom(new byte[] {1})) {
            Ed25519.Signer root = new Ed25519.Signer(rootKey);
            Lock lock = key.lock();
            LockCertificate.require(root.publicKey(), "w", "v", lock, LockCertificate.issue(root, "w", "v", lock));
            Sealing.seal(lock, new DepositBinding("w", "v", "KEY", 1, true), value);
        }
    }

    private static void json() {
        ConsoleApi.SecretEntry entry = new ConsoleApi.SecretEntry("KEY", 1, "", "");
        Json.read(Json.write(entry), ConsoleApi.Entry.class);
        Output.pretty(entry);
        try {
            QueueYaml.parse(
                    "train",
                    "queues: {q: {priority: 1, deployment: {git_url: 'https://example.com/q.git',"
                            + " startup_cmd: python main.py}}}");
        } catch (NightsafeException e) {
            Json.write(String.valueOf(e.getMessage()).getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Nothing listens on port 1 of this machine; the refused call loads the client all the same. */
    private static void http() {
        try (ConsoleClient nobody = new ConsoleClient(URI.create("http://127.0.0.1:1"), "w", "nst_")) {
            nobody.whoami();
        } catch (NightsafeException e) {
            e.code();
        }
    }
}
