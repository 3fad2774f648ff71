package dev.nightsafe.console.workspaces;

import dev.nightsafe.console.platform.Caller;
import dev.nightsafe.console.platform.Creation;
import dev.nightsafe.console.platform.Failures;
import dev.nightsafe.console.platform.Times;
import dev.nightsafe.core.address.Ids;
import dev.nightsafe.core.address.Names;
import dev.nightsafe.core.audit.AuditEvent;
import dev.nightsafe.database.console.WorkspaceRepository;
import dev.nightsafe.database.console.WorkspaceRow;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Workspaces as callers see them. Thread-safe. */
public final class Workspaces {
    private final Database database;
    private final Committer committer;

    public Workspaces(Database database, Committer committer) {
        this.database = database;
        this.committer = committer;
    }

    List<ConsoleApi.Workspace> visibleTo(Caller caller) {
        return database.read(WorkspaceRepository::list).stream()
                .filter(row -> caller.sees(row.id()))
                .map(Workspaces::view)
                .toList();
    }

    ConsoleApi.Workspace create(Caller caller, ConsoleApi.NewWorkspace asked) {
        String name = Names.requireName("workspace", asked.name());
        return Creation.commit(committer, "workspace", name, transaction -> {
            WorkspaceRepository.taken(transaction.handle(), name).ifPresent(taken -> {
                throw Failures.alreadyExists("workspace", name, taken);
            });
            WorkspaceRow row = new WorkspaceRow(Ids.next(), name, transaction.now());
            WorkspaceRepository.insert(transaction.handle(), row);
            transaction.audit(new AuditEvent(
                    row.id(),
                    caller.actor(),
                    "workspace.create",
                    "workspace:" + row.id(),
                    "ok",
                    new TreeMap<>(Map.of("name", name))));
            return view(row);
        });
    }

    private static ConsoleApi.Workspace view(WorkspaceRow row) {
        return new ConsoleApi.Workspace(row.id(), row.name(), Times.iso(row.createdAt()));
    }
}
