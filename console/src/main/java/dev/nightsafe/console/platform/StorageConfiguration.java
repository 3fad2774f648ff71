package dev.nightsafe.console.platform;

import dev.nightsafe.core.keys.KeyFile;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.core.signing.Mac;
import dev.nightsafe.database.engine.AuditChain;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Committers;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.engine.Databases;
import dev.nightsafe.database.engine.Schema;
import dev.nightsafe.protocol.link.Link;
import java.nio.file.Path;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What lasts: the console's keys, its database with its one writer, and the link to the keeper. */
@Configuration(proxyBeanMethods = false)
public class StorageConfiguration {
    @Bean
    Keeper keeper(ConsoleSettings settings, InstantSource clock) {
        return new Keeper(settings.keeper(), Link.clientContext(settings.folder()), clock);
    }

    /** The key under which accepted deposits are authenticated; the keeper has the same. */
    @Bean
    Mac depositMac(ConsoleSettings settings) {
        return new Mac(KeyFile.read(settings.folder().resolve("deposit.key")));
    }

    @Bean
    AuditChain auditChain(ConsoleSettings settings) {
        Path file = KeyFile.folder(settings.folder()).resolve("audit.key");
        try (SecretBytes key = KeyFile.readOrCreate(file, Ed25519::newPrivateKey)) {
            return new AuditChain("console", new Ed25519.Signer(key));
        }
    }

    @Bean
    Database database(ConsoleSettings settings) {
        return Databases.open(settings.database(), Schema.CONSOLE);
    }

    @Bean
    Committer committer(Database database, AuditChain chain, InstantSource clock) {
        return Committers.start(database, chain, clock);
    }
}
