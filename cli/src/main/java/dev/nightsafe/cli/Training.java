package dev.nightsafe.cli;

import dev.nightsafe.cli.platform.Keyboard;
import dev.nightsafe.cli.platform.Style;
import dev.nightsafe.cli.platform.Terminal;
import dev.nightsafe.core.access.OpaqueToken;
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
import java.io.ByteArrayInputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Runs what commands run, so that packaging can put it into an AOT cache. Changes nothing, asks no server but its own. */
final class Training {
    private Training() {}

    static void run() {
        commands();
        seal();
        records();
    }

    private static void commands() {
        PrintStream nowhere = new PrintStream(PrintStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        try (TrainingConsole console = new TrainingConsole()) {
            Terminal terminal = new Terminal(
                    new ByteArrayInputStream(new byte[] {'1'}),
                    nowhere,
                    nowhere,
                    environment(console.address()),
                    new Keyboard.OfProcess(null),
                    Style.PLAIN);
            Cli.run(terminal, "--help");
            Cli.run(terminal, "--version");
            Cli.run(terminal, "keys", "new");
            Cli.run(terminal, "status");
            Cli.run(terminal, "whoami");
            Cli.run(terminal, "vault", "list");
            Cli.run(terminal, "vault", "set", "v", "KEY", "--value-stdin");
            Cli.run(terminal, "queue", "list", "-o", "json");
            Cli.run(terminal, "runner", "list");
            Cli.run(terminal, "task", "list");
            Cli.run(terminal, "task", "submit", "q", "-p", "{}");
        }
    }

    private static Map<String, String> environment(String server) {
        return Map.of(
                "NIGHTSAFE_HOME",
                "/nowhere",
                "NIGHTSAFE_SERVER",
                server,
                "NIGHTSAFE_TOKEN",
                OpaqueToken.generate(OpaqueToken.API),
                "NIGHTSAFE_ROOT",
                "sha256:" + "0".repeat(64));
    }

    private static void seal() {
        try (SecretBytes rootKey = Ed25519.newPrivateKey();
                OpeningKey key = OpeningKey.generate(Suite.X_WING);
                SecretBytes value = SecretBytes.takeFrom(new byte[] {1})) {
            Ed25519.Signer root = new Ed25519.Signer(rootKey);
            Lock lock = key.lock();
            LockCertificate.require(
                    root.publicKey(), "w", "v", lock, 1, LockCertificate.issue(root, "w", "v", lock, 1));
            Sealing.seal(lock, new DepositBinding("w", "v", "KEY", 1, true), value);
        }
    }

    private static void records() {
        ConsoleApi.Entry entry = new ConsoleApi.SecretEntry("KEY", 1, "", "", new ConsoleApi.Terms(null, null, null));
        Json.read(Json.write(entry), ConsoleApi.Entry.class);
        try {
            QueueYaml.parse(
                    "train",
                    "queues: {q: {priority: 1, deployment: {git_url: 'https://example.com/q.git',"
                            + " startup_cmd: python main.py}}}");
        } catch (NightsafeException e) {
            throw new IllegalStateException("the queue of the training is wrong", e);
        }
    }
}
