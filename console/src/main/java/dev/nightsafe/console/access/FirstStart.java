package dev.nightsafe.console.access;

import dev.nightsafe.console.platform.ConsoleSettings;
import dev.nightsafe.console.platform.RowMac;
import dev.nightsafe.core.access.OpaqueToken;
import dev.nightsafe.core.access.Permission;
import dev.nightsafe.core.address.Ids;
import dev.nightsafe.core.audit.AuditEvent;
import dev.nightsafe.core.keys.KeyFile;
import dev.nightsafe.database.console.ApiTokenRepository;
import dev.nightsafe.database.console.ApiTokenRow;
import dev.nightsafe.database.console.WorkspaceRepository;
import dev.nightsafe.database.console.WorkspaceRow;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.engine.Transaction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.springframework.beans.factory.InitializingBean;

/**
 * Makes the workspace {@code default} and the first API token, when there is no token at all. The file is written before
 * the commit: a crash in between leaves a token that opens nothing, and the next start begins again.
 */
public final class FirstStart implements InitializingBean {
    private static final System.Logger LOG = System.getLogger(FirstStart.class.getName());
    private static final String WORKSPACE = "default";
    private static final Duration LIFETIME = Duration.ofDays(365);

    private final ConsoleSettings settings;
    private final Database database;
    private final Committer committer;
    private final RowMac mac;

    public FirstStart(ConsoleSettings settings, Database database, Committer committer, RowMac mac) {
        this.settings = settings;
        this.database = database;
        this.committer = committer;
        this.mac = mac;
    }

    /** Before anything listens. */
    @Override
    public void afterPropertiesSet() {
        if (database.read(ApiTokenRepository::any)) {
            return;
        }
        String token = OpaqueToken.generate(OpaqueToken.API);
        Path file = settings.firstTokenFile();
        KeyFile.folder(Objects.requireNonNull(file.getParent(), "a file is in a folder"));
        KeyFile.write(file, token.getBytes(StandardCharsets.UTF_8));
        boolean made = committer.commit(transaction -> make(transaction, OpaqueToken.hash(token)));
        LOG.log(
                System.Logger.Level.INFO,
                made
                        ? "first start: made the workspace '" + WORKSPACE + "' and the first API token, in " + file
                        : "another console made the first API token; the one in " + file + " opens nothing");
    }

    private boolean make(Transaction transaction, String hash) {
        if (ApiTokenRepository.any(transaction.handle())) {
            return false;
        }
        if (WorkspaceRepository.taken(transaction.handle(), WORKSPACE).isEmpty()) {
            WorkspaceRow workspace = new WorkspaceRow(Ids.next(), WORKSPACE, transaction.now());
            WorkspaceRepository.insert(transaction.handle(), workspace);
            transaction.audit(did("workspace.create", "workspace:" + workspace.id(), Map.of("name", WORKSPACE)));
        }
        ApiTokenRow token = mac.authenticate(ApiTokenRow.of(
                Ids.next(),
                null,
                "first",
                hash,
                EnumSet.allOf(Permission.class),
                transaction.now(),
                "console",
                transaction.now() + LIFETIME.toMillis()));
        ApiTokenRepository.insert(transaction.handle(), token);
        transaction.audit(did("token.create", "token:" + token.id(), Map.of("permissions", token.permissions())));
        return true;
    }

    private static AuditEvent did(String action, String object, Map<String, String> details) {
        return new AuditEvent(null, "console", action, object, "ok", new TreeMap<>(details));
    }
}
