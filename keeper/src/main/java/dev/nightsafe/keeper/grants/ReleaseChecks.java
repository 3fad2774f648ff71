package dev.nightsafe.keeper.grants;

import dev.nightsafe.core.address.Names;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.release.VaultFloor;
import dev.nightsafe.core.signing.Mac;
import dev.nightsafe.database.console.StoredRules;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.keeper.ConsoleTables;
import dev.nightsafe.keeper.leases.Serving;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * Finds what a request may have: each vault that is involved must exist in the runner's workspace and be released to the
 * deployment by rules that a console wrote (I3). Everything is read from one state of the console's tables. Thread-safe.
 */
final class ReleaseChecks {
    private final Database console;

    private final Mac mac;
    private final InstantSource clock;

    /** @param mac under the key that only console and keeper have */
    ReleaseChecks(Database console, Mac mac, InstantSource clock) {
        this.console = console;
        this.mac = mac;
        this.clock = clock;
    }

    /**
     * Throws {@code NOT_RELEASED}; {@code BELOW_FLOOR}; {@code SECRET_EXPIRED}; {@code VERSIONS_GONE}; {@code RULES_ALTERED} when
     * somebody else than a console wrote a vault's rules.
     */
    Found find(CheckedRequest request) {
        return console.read(handle -> new Search(handle, mac, clock.millis(), request).run());
    }

    private static final class Search {
        private final Handle handle;
        private final Mac mac;
        private final long now;
        private final CheckedRequest request;
        private final Map<String, ConsoleTables.Vault> vaults = new HashMap<>();
        private final List<Found.Rules> rules = new ArrayList<>();
        private final List<Released> found = new ArrayList<>();
        private final Set<CheckedRequest.ValueKey> older = new HashSet<>();
        private long bytes;

        private Search(Handle handle, Mac mac, long now, CheckedRequest request) {
            this.handle = handle;
            this.mac = mac;
            this.now = now;
            this.request = request;
        }

        private Found run() {
            boolean leased = ConsoleTables.queue(
                            handle,
                            request.lease().workspaceId(),
                            request.lease().queueId())
                    .filter(queue -> RequestChecks.isLeased(queue, request.lease()))
                    .isPresent();
            if (!leased) {
                throw Serving.lost();
            }
            Deployment deployment = request.deployment();
            switch (request.purpose()) {
                case GIT -> addOne(Objects.requireNonNull(deployment.gitToken()));
                case WORKER -> {
                    deployment.vaults().forEach(this::addAll);
                    deployment.secrets().forEach(secret -> addOne(secret.from()));
                }
            }
            requireAllFound();
            return new Found(found, rules);
        }

        private void addAll(Deployment.VaultRef ref) {
            ConsoleTables.Vault vault = vaults.computeIfAbsent(ref.id(), _ -> require(ref));
            if (request.versions() != null) {
                request.versions().keySet().stream()
                        .filter(value -> value.vaultId().equals(vault.id()) && Names.isVariable(value.key()))
                        .sorted(Comparator.comparing(CheckedRequest.ValueKey::key))
                        .forEach(value -> addOlder(vault, value));
                return;
            }
            List<String> keys = new ArrayList<>();
            for (ConsoleTables.Size size : ConsoleTables.sizes(handle, vault.id())) {
                if (Names.isVariable(size.key())) {
                    requireRoom(size.bytes()); // before any of them is read
                    keys.add(size.key());
                }
            }
            ConsoleTables.secrets(handle, vault.id(), keys).forEach(secret -> add(vault, secret));
        }

        private void addOne(Deployment.KeyRef ref) {
            ConsoleTables.Vault vault = vaults.computeIfAbsent(ref.vault().id(), _ -> require(ref.vault()));
            if (request.versions() != null) {
                addOlder(vault, new CheckedRequest.ValueKey(vault.id(), ref.key()));
                return;
            }
            ConsoleTables.Secret secret = ConsoleTables.secret(handle, vault.id(), ref.key())
                    .orElseThrow(() -> new NightsafeException(
                            ProblemCode.NOT_FOUND,
                            "secret not found: '" + ref.vault().name() + "/" + ref.key() + "' (queue '" + queueName()
                                    + "'); deposit it, or take it out of the queue"));
            requireRoom(secret.box().length);
            add(vault, secret);
        }

        /** The version that was asked for, which may be the current one. */
        private void addOlder(ConsoleTables.Vault vault, CheckedRequest.ValueKey value) {
            String name = vault.name() + "/" + value.key();
            Long version = Objects.requireNonNull(request.versions()).get(value);
            if (version == null) {
                throw gone("the queue asks for '" + name + "', which the first attempt didn't have");
            }
            ConsoleTables.Secret secret = ConsoleTables.version(handle, vault.id(), value.key(), version)
                    .filter(found -> found.expiresAt() == 0 || found.expiresAt() > now)
                    .orElseThrow(() -> gone("version " + version + " of '" + name
                            + "', which the first attempt had, isn't kept any more or expired"));
            requireRoom(secret.box().length);
            older.add(value);
            add(vault, secret);
        }

        private void requireAllFound() {
            if (request.versions() != null
                    && !older.containsAll(request.versions().keySet())) {
                throw gone("the first attempt had secrets that the queue doesn't ask for any more");
            }
        }

        private NightsafeException gone(String why) {
            return new NightsafeException(
                    ProblemCode.VERSIONS_GONE,
                    why + " (queue '" + queueName()
                            + "', versions: same); nightsafe task retry begins anew, with the newest");
        }

        private void requireRoom(long more) {
            bytes += more;
            if (bytes > Opening.MOST_BYTES) {
                throw new NightsafeException(
                        ProblemCode.VALUE_TOO_LARGE,
                        "queue '" + queueName() + "' asks for more than 16 MiB of secrets; list fewer vaults");
            }
        }

        /** Who puts the time off in the tables has a box that the console didn't accept. */
        private void add(ConsoleTables.Vault vault, ConsoleTables.Secret secret) {
            if (secret.expiresAt() != 0 && secret.expiresAt() <= now) {
                throw new NightsafeException(
                        ProblemCode.SECRET_EXPIRED,
                        "secret '" + vault.name() + "/" + secret.key() + "' expired at "
                                + Instant.ofEpochMilli(secret.expiresAt()) + "; deposit a new value");
            }
            found.add(new Released(vault, secret));
        }

        private ConsoleTables.Vault require(Deployment.VaultRef ref) {
            ConsoleTables.Vault vault = ConsoleTables.vault(
                            handle, request.lease().workspaceId(), ref.id())
                    .orElseThrow(() -> new NightsafeException(
                            ProblemCode.VAULT_NOT_FOUND,
                            "vault not found: '" + ref.name() + "' (queue '" + queueName() + "')"));
            StoredRules stored = ConsoleTables.rules(handle, vault.workspaceId(), vault.id());
            if (!stored.isAuthentic(mac)) {
                throw altered(vault);
            }
            rules.add(new Found.Rules(vault, stored.version()));
            List<Optional<String>> differences = stored.rows().stream()
                    .filter(row -> row.queueId().equals(request.lease().queueId()))
                    .map(row -> row.rule()
                            .difference(
                                    request.lease().queueId(),
                                    request.runner().site(),
                                    request.deployment(),
                                    request.commit()))
                    .toList();
            if (differences.stream().allMatch(Optional::isPresent)) {
                throw notReleased(vault, differences);
            }
            VaultFloor.broken(request.deployment(), ref, queueName(), stored.floor())
                    .ifPresent(why -> {
                        throw new NightsafeException(ProblemCode.BELOW_FLOOR, why);
                    });
            return vault;
        }

        private NightsafeException notReleased(ConsoleTables.Vault vault, List<Optional<String>> differences) {
            String why = differences.isEmpty()
                    ? "no release rule names this queue"
                    : "its " + differences.getFirst().orElseThrow() + " differs from what was consented to";
            return new NightsafeException(
                    ProblemCode.NOT_RELEASED,
                    "vault '" + vault.name() + "' is not released to queue '" + queueName() + "': " + why
                            + "; someone with vault.release can run: nightsafe vault allow " + vault.name()
                            + " --queue " + queueName());
        }

        private NightsafeException altered(ConsoleTables.Vault vault) {
            return new NightsafeException(
                    ProblemCode.RULES_ALTERED,
                    "the release rules of vault '" + vault.name() + "' are not what the console wrote: somebody changed"
                            + " them in its database, so nothing is released. See nightsafe vault show " + vault.name()
                            + "; to begin anew, which removes them all: nightsafe vault floor " + vault.name()
                            + " env|file|fd, then nightsafe vault allow " + vault.name() + " --queue "
                            + queueName());
        }

        private String queueName() {
            return request.lease().queueName();
        }
    }
}
