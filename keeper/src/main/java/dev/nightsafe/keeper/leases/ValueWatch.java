package dev.nightsafe.keeper.leases;

import dev.nightsafe.core.address.Names;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.signing.Digests;
import dev.nightsafe.core.signing.Message;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.keeper.ConsoleTables;
import dev.nightsafe.keeper.platform.Waiters;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Notices new values, for queues whose workers hear of them, and wakes the polls of their workspace's runners: at once when a console says so,
 * else when it looks the next time. Thread-safe.
 */
public final class ValueWatch {
    private static final System.Logger LOG = System.getLogger(ValueWatch.class.getName());

    private final Database console;
    private final QueueWatch queues;
    private final Waiters waiters;
    /** What polls were told, too, so that a value isn't missed that came before the first look at a new queue. */
    private final Map<String, String> marks = new ConcurrentHashMap<>();
    /** Those that the last look didn't find: their queues are new, or gone. */
    private Set<String> missing = Set.of();

    /** @param console the console's tables */
    public ValueWatch(Database console, QueueWatch queues, Waiters waiters) {
        this.console = console;
        this.queues = queues;
        this.waiters = waiters;
    }

    /** Looks for new values; never throws. To be called about once a second. */
    public synchronized void refresh() {
        try {
            List<Deployed> prompt = prompt();
            if (prompt.isEmpty() && marks.isEmpty()) {
                return;
            }
            Set<String> news = news(console.read(handle -> marks(handle, prompt)));
            prompt.stream()
                    .filter(deployed -> news.contains(id(deployed)))
                    .map(deployed -> deployed.queue().workspaceId())
                    .distinct()
                    .forEach(workspace -> waiters.wakeAll(QueueWatch.changedIn(workspace)));
        } catch (NightsafeException e) {
            // Who looks for changed queues has the same trouble, and says so.
            LOG.log(System.Logger.Level.DEBUG, "new values can''t be looked for: {0}", e.getMessage());
        }
    }

    /** Those that have another mark than before. */
    private Set<String> news(Map<String, String> now) {
        Set<String> changed = new HashSet<>();
        for (Map.Entry<String, String> mark : now.entrySet()) {
            String before = marks.put(mark.getKey(), mark.getValue());
            if (before != null && !before.equals(mark.getValue())) {
                changed.add(mark.getKey());
            }
        }
        Set<String> unfound = new HashSet<>(marks.keySet());
        unfound.removeAll(now.keySet());
        unfound.stream().filter(missing::contains).forEach(marks::remove);
        missing = unfound;
        return changed;
    }

    /** A console says that these vaults changed. The number of queues whose workers hear of it. */
    public int changed(Collection<String> vaults) {
        queues.refresh();
        int concerned = (int) prompt().stream()
                .filter(deployed ->
                        deployed.deployment().allVaults().stream().anyMatch(vault -> vaults.contains(vault.id())))
                .count();
        if (concerned > 0) {
            refresh();
        }
        return concerned;
    }

    /** Another one when a worker would be granted other values than before; null where workers don't hear of it. */
    @Nullable
    String mark(Deployed deployed) {
        if (!deployed.deployment().renewal().isPrompt()) {
            return null;
        }
        return marks.computeIfAbsent(
                id(deployed),
                id -> console.read(handle -> marks(handle, List.of(deployed))).get(id));
    }

    private List<Deployed> prompt() {
        return queues.all().stream()
                .filter(deployed -> deployed.deployment().renewal().isPrompt())
                .toList();
    }

    /** Another deployment of a queue starts its workers anew whatever its values are. */
    private static String id(Deployed deployed) {
        return deployed.queue().id() + "/" + deployed.queue().revision();
    }

    private static Map<String, String> marks(Handle handle, List<Deployed> all) {
        Map<String, Map<String, Long>> versions = new HashMap<>();
        Map<String, Long> rules = new HashMap<>();
        Map<String, String> marks = new HashMap<>();
        for (Deployed deployed : all) {
            deployed.deployment()
                    .allVaults()
                    .forEach(vault -> versions.computeIfAbsent(vault.id(), id -> ConsoleTables.versions(handle, id)));
            if (deployed.deployment().renewal().isInPlace()) {
                deployed.deployment()
                        .allVaults()
                        .forEach(vault -> rules.computeIfAbsent(
                                vault.id(),
                                id -> ConsoleTables.rules(
                                                handle, deployed.queue().workspaceId(), id)
                                        .version()));
            }
            marks.put(id(deployed), mark(deployed.deployment(), versions, rules));
        }
        return marks;
    }

    /**
     * Where files are replaced, another release rule makes another mark, too: a grant that was refused may be given now. Workers
     * that start anew ask again and again by themselves, and need not start anew for it.
     */
    private static String mark(
            Deployment deployment, Map<String, Map<String, Long>> versions, Map<String, Long> rules) {
        Message all = Message.of("nightsafe/values/1");
        for (Deployment.VaultRef vault : deployment.vaults()) {
            new TreeMap<>(versions.getOrDefault(vault.id(), Map.of())).forEach((key, version) -> {
                if (Names.isVariable(key)) {
                    all.add(vault.id()).add(key).add(version);
                }
            });
        }
        for (Deployment.SecretRef secret : deployment.secrets()) {
            String vault = secret.from().vault().id();
            String key = secret.from().key();
            all.add(vault).add(key).add(versions.getOrDefault(vault, Map.of()).getOrDefault(key, 0L));
        }
        if (deployment.renewal().isInPlace()) {
            deployment.allVaults().forEach(vault -> all.add(rules.getOrDefault(vault.id(), 0L)));
        }
        return Digests.sha256Hex(all.bytes());
    }
}
