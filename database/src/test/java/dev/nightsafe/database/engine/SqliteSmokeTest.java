package dev.nightsafe.database.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.audit.AuditEvent;
import dev.nightsafe.core.signing.Ed25519;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteSmokeTest {
    @TempDir
    Path folder;

    @Test
    void smoke() {
        Ed25519.Signer signer = new Ed25519.Signer(Ed25519.newPrivateKey());
        AuditChain chain = new AuditChain("console", signer);
        var address = DatabaseAddress.parse("sqlite:" + folder.resolve("console/console.db"));
        Database foreign = Databases.openReadOnly(address, Schema.CONSOLE);
        for (int round = 0; round < 2; round++) {
            try (Database database = Databases.open(address, Schema.CONSOLE);
                    Committer committer = Committers.start(database, chain, InstantSource.system())) {
                for (int i = 0; i < 5; i++) {
                    String id = "w" + round + i;
                    committer.commit(tx -> {
                        tx.audit(new AuditEvent(null, "a", "b", id, "ok", new TreeMap<>()));
                        return tx.handle().execute("INSERT INTO workspace VALUES (?, ?, ?, ?)", id, id, id, tx.now());
                    });
                }
                assertThat(database.read(h -> chain.log().verify(h, signer.publicKey()))
                                .isWhole())
                        .isTrue();
                assertThat(foreign.read(h -> chain.log().verify(h, signer.publicKey()))
                                .events())
                        .isEqualTo(5 * round + 5);
            }
        }
    }
}
