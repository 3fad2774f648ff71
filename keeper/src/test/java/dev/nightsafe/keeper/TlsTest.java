package dev.nightsafe.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightsafe.protocol.keeper.KeeperApi;
import dev.nightsafe.protocol.link.Link;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS on the runners' listener; any PEM certificate does, here the link's. */
class TlsTest extends KeeperLifeCase {
    @BeforeEach
    void inNewFolder(@TempDir Path folder) {
        home = folder;
        start(Map.of(
                "NIGHTSAFE_KEEPER_TLS_CERTIFICATE",
                        home.resolve("keeper/link.crt").toString(),
                "NIGHTSAFE_KEEPER_TLS_KEY", home.resolve("keeper/link.key").toString()));
    }

    @AfterEach
    void stopWhatRuns() {
        stop();
    }

    @Test
    void runners_are_served_over_TLS_without_a_certificate_of_their_own() {
        URI address = URI.create("https://127.0.0.1:" + keeper.port());
        try (Wire secure = new Wire(Spec.RUNNERS, address, Link.clientContext(home.resolve("console")))) {
            assertThat(secure.send("GET", "/v1/root", null, null)
                            .as(KeeperApi.Root.class)
                            .fingerprint())
                    .isEqualTo(keeper.rootFingerprint());
        }
        assertThatThrownBy(() -> wire.send("GET", "/v1/root", null, null)).isNotNull();
    }

    @Test
    void files_that_are_no_certificate_and_key_are_named() {
        assertThatThrownBy(() -> ServerTls.context(home.resolve("master.keys"), home.resolve("keeper/link.key")))
                .hasMessageContaining("tls-certificate")
                .hasMessageContaining("master.keys");
        assertThatThrownBy(() -> ServerTls.context(home.resolve("keeper/link.crt"), home.resolve("none")))
                .hasMessageContaining("none");
    }
}
