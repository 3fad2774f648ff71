package dev.nightsafe.cli.audit;

import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.ExitCode;
import dev.nightsafe.cli.platform.Output;
import dev.nightsafe.cli.platform.Session;
import dev.nightsafe.core.audit.SeenHead;
import dev.nightsafe.core.keys.KeyFile;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.protocol.console.ConsoleApi.ChainVerification;
import dev.nightsafe.protocol.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The heads of the last verification, {@code $NIGHTSAFE_HOME/cli/audit-heads.json}: what was whole then must still be
 * there. A chain that was cut off at a signed event, or written anew by whoever has its audit key, shows nowhere else.
 */
final class KnownHeads {
    /**
     * The end of a chain that was whole.
     *
     * @param events how many it had; the head is the last one's hash
     */
    record Head(long events, String head, String auditKey) {}

    /** @param installations by the keeper's root or, where none is pinned, the console's address; then by chain */
    record Known(Map<String, Map<String, Head>> installations) {}

    private final Path file;
    private final String installation;
    private final Map<String, Map<String, Head>> all;
    private final Map<String, Head> heads;

    private KnownHeads(Path file, String installation, Map<String, Map<String, Head>> all) {
        this.file = file;
        this.installation = installation;
        this.all = all;
        this.heads = new TreeMap<>(all.getOrDefault(installation, Map.of()));
    }

    /** Of the session's installation. */
    static KnownHeads of(Session session) {
        return of(session.home(), session.root().orElse(session.server().toString()));
    }

    static KnownHeads of(Path home, String installation) {
        Path file = home.resolve("cli/audit-heads.json");
        try {
            Known known = Json.read(Files.readAllBytes(file), Known.class);
            return new KnownHeads(file, installation, new TreeMap<>(known.installations()));
        } catch (NoSuchFileException e) {
            return new KnownHeads(file, installation, new TreeMap<>());
        } catch (IOException | NightsafeException e) {
            throw new CliException(
                    ExitCode.FAILED,
                    "can't read the heads of earlier verifications, " + file,
                    "bring it back from a backup; without it nobody here can tell whether history was cut",
                    e);
        }
    }

    /** The heads by chain. */
    void forEach(BiConsumer<String, Head> consumer) {
        heads.forEach(consumer);
    }

    /** What to ask the console to look for. */
    List<SeenHead> seen() {
        return heads.entrySet().stream()
                .map(known -> new SeenHead(
                        known.getKey(),
                        known.getValue().events(),
                        known.getValue().head()))
                .toList();
    }

    /** The number of the event that was a chain's head at the last verification; null for a chain that is new here. */
    @Nullable
    Long headOf(String chain) {
        Head head = heads.get(chain);
        return head == null ? null : head.events();
    }

    /** The verification, held to what is known, whatever the console made of it. */
    List<ChainVerification> held(List<ChainVerification> chains) {
        List<ChainVerification> held = new ArrayList<>();
        chains.forEach(chain -> held.add(held(chain)));
        heads.keySet().stream()
                .filter(known ->
                        chains.stream().noneMatch(chain -> chain.chain().equals(known)))
                .map(gone ->
                        new ChainVerification(gone, 0, 1L, "this chain was verified before and isn't there", "", ""))
                .forEach(held::add);
        return held;
    }

    private ChainVerification held(ChainVerification chain) {
        Head known = heads.get(chain.chain());
        if (known == null || chain.brokenAt() != null) {
            return chain;
        }
        if (!chain.auditKey().equals(known.auditKey())) {
            return broken(chain, 1, "it is signed by another audit key than when it was verified before");
        }
        if (chain.events() < known.events()) {
            return broken(
                    chain, chain.events() + 1, "the end is missing: event " + known.events() + " was verified before");
        }
        boolean other = chain.events() == known.events() && !chain.head().equals(known.head());
        return other ? broken(chain, known.events(), "this event is not the one that was verified before") : chain;
    }

    private static ChainVerification broken(ChainVerification chain, long at, String problem) {
        return new ChainVerification(chain.chain(), chain.events(), at, problem, chain.head(), chain.auditKey());
    }

    /** Remembers the heads of those that are whole; what is known of a broken one stays. */
    void remember(List<ChainVerification> verified) {
        verified.stream()
                .filter(chain -> chain.brokenAt() == null)
                .forEach(chain -> heads.put(chain.chain(), new Head(chain.events(), chain.head(), chain.auditKey())));
        all.put(installation, heads);
        KeyFile.folder(file.resolveSibling(""));
        KeyFile.write(file, (Output.pretty(new Known(all)) + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
