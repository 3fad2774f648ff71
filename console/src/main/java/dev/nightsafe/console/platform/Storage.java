package dev.nightsafe.console.platform;

import dev.nightsafe.core.keys.KeyFile;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.database.engine.AuditChain;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Committers;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.engine.Databases;
import dev.nightsafe.database.engine.Schema;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The console's database, its one writer and its audit chain, opened on a thread of its own while Spring starts. */
public final class Storage implements AutoCloseable {
    record Opened(AuditChain chain, Database database, Committer committer) {}

    private final CompletableFuture<Opened> opening = new CompletableFuture<>();

    /** Begins to open. */
    public Storage(ConsoleSettings settings, InstantSource clock) {
        Thread.ofPlatform().name("storage").start(() -> {
            try {
                opening.complete(open(settings, clock));
            } catch (RuntimeException | Error e) {
                opening.completeExceptionally(e);
            }
        });
    }

    /** Waits until it is open; throws a {@link CompletionException} with the reason when it can't be. */
    Opened opened() {
        return opening.join();
    }

    private static Opened open(ConsoleSettings settings, InstantSource clock) {
        AuditChain chain = chain(settings.folder());
        Database database = Databases.open(settings.database(), Schema.CONSOLE);
        try {
            return new Opened(chain, database, Committers.start(database, chain, clock));
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    private static AuditChain chain(Path folder) {
        Path file = KeyFile.folder(folder).resolve("audit.key");
        try (SecretBytes key = KeyFile.readOrCreate(file, Ed25519::newPrivateKey)) {
            return new AuditChain("console", new Ed25519.Signer(key));
        }
    }

    /** Waits until what was begun is over, and closes it. Closing twice is fine. */
    @Override
    public void close() {
        opening.handle((opened, failure) -> {
                    if (failure == null) {
                        opened.committer().close();
                        opened.database().close();
                    }
                    return "closed";
                })
                .join();
    }
}
