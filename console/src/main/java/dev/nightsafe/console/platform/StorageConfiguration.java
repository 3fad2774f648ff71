package dev.nightsafe.console.platform;

import dev.nightsafe.core.keys.KeyFile;
import dev.nightsafe.core.signing.Mac;
import dev.nightsafe.database.audit.PeerChain;
import dev.nightsafe.database.engine.AuditChain;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.protocol.link.Link;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What lasts, and the link to the keeper. */
@Configuration(proxyBeanMethods = false)
public class StorageConfiguration {
    @Bean
    Keeper keeper(ConsoleSettings settings, InstantSource clock) {
        return new Keeper(settings.keeper(), Link.clientContext(settings.folder()), clock);
    }

    @Bean
    ValueNews valueNews(Keeper keeper) {
        return new ValueNews(keeper);
    }

    /** The key under which accepted deposits and release rules are authenticated; the keeper has the same. */
    @Bean
    Mac depositMac(ConsoleSettings settings) {
        return new Mac(KeyFile.read(settings.folder().resolve("deposit.key")));
    }

    @Bean
    RowMac rowMac(ConsoleSettings settings) {
        return RowMac.open(settings.folder());
    }

    @Bean
    AuditChain auditChain(Storage storage) {
        return storage.opened().chain();
    }

    /** What is kept of the keeper's chain. */
    @Bean
    PeerChain keepersChain(ConsoleSettings settings, Storage storage) {
        Storage.Opened opened = storage.opened();
        return new PeerChain("keeper/1", settings.folder(), opened.chain(), opened.database(), opened.committer());
    }

    @Bean(destroyMethod = "")
    Database database(Storage storage) {
        return storage.opened().database();
    }

    @Bean(destroyMethod = "")
    Committer committer(Storage storage) {
        return storage.opened().committer();
    }
}
