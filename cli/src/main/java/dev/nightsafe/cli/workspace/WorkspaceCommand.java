package dev.nightsafe.cli.workspace;

import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.CommandGroup;
import dev.nightsafe.cli.platform.ExitCode;
import dev.nightsafe.cli.platform.Profile;
import dev.nightsafe.cli.platform.Table;
import dev.nightsafe.cli.platform.Text;
import dev.nightsafe.core.address.Names;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code nightsafe workspace}. */
@Command(
        name = "workspace",
        addMethodSubcommands = false,
        header = "Make, list and choose workspaces.",
        description = "%nA workspace holds vaults, queues, runners and tokens; nothing crosses its border.",
        footer = """
            %nExamples:
              nightsafe workspace create research
              nightsafe workspace use research
              nightsafe -w research vault list""")
public final class WorkspaceCommand extends CommandGroup {

    @Command(
            name = "create",
            header = "Make a workspace.",
            footer = "%nExample:%n  nightsafe workspace create research")
    void create(@Parameters(paramLabel = "NAME", description = "Letters, digits, '_' and '-'.") String name) {
        Names.requireName("workspace", name);
        ConsoleApi.Workspace created = session().console().createWorkspace(name);
        output().show(created, made -> output().done("workspace " + name + " created"));
    }

    @Command(name = "list", header = "List the workspaces that this token may see.")
    void list() {
        List<ConsoleApi.Workspace> workspaces = session().console().workspaces();
        output().show(workspaces, all -> {
            Table table = new Table("NAME", "IN USE", "CREATED", "ID");
            all.forEach(workspace -> table.row(
                    workspace.name(),
                    workspace.name().equals(session().workspace()) ? "yes" : "no",
                    Text.time(workspace.createdAt()),
                    workspace.id()));
            output().table(table);
        });
    }

    @Command(
            name = "use",
            header = "Work in this workspace from now on.",
            description = "%nKept in $NIGHTSAFE_HOME/cli/profile.json; --workspace and NIGHTSAFE_WORKSPACE come first.")
    void use(@Parameters(paramLabel = "NAME", description = "The workspace.") String name) {
        if (session().console().workspaces().stream()
                .noneMatch(known -> known.name().equals(name))) {
            throw new CliException(
                    ExitCode.NOT_FOUND, "no workspace '" + name + "'", "nightsafe workspace list shows them");
        }
        Profile profile = session()
                .profile()
                .orElseThrow(() -> CliException.failed("there is no profile to keep it in", "nightsafe login first"));
        profile.withWorkspace(name).write(session().home());
        output().done("commands work in workspace " + name + " now", "workspace", name);
    }
}
