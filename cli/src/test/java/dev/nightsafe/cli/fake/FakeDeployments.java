package dev.nightsafe.cli.fake;

import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.queue.Deployment.KeyRef;
import dev.nightsafe.core.queue.Deployment.SecretRef;
import dev.nightsafe.core.queue.Deployment.VaultRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gives the vaults of a deployment ids, as the console does when a queue is applied. */
final class FakeDeployments {
    private FakeDeployments() {}

    static Deployment resolved(Deployment asked) {
        KeyRef token = asked.gitToken();
        List<SecretRef> secrets = asked.secrets().stream()
                .map(secret -> new SecretRef(key(secret.from()), secret.as(), secret.env()))
                .toList();
        return asked.with(asked.vaults().stream().map(FakeDeployments::vault).toList(), secrets, nullable(token));
    }

    private static @Nullable KeyRef nullable(@Nullable KeyRef token) {
        return token == null ? null : key(token);
    }

    private static KeyRef key(KeyRef ref) {
        return new KeyRef(vault(ref.vault()), ref.key());
    }

    private static VaultRef vault(VaultRef ref) {
        return new VaultRef(ref.name(), "id-of-" + ref.name());
    }
}
