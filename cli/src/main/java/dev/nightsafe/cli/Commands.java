package dev.nightsafe.cli;

import dev.nightsafe.cli.audit.AuditCommand;
import dev.nightsafe.cli.begin.InitCommand;
import dev.nightsafe.cli.demo.DemoCommand;
import dev.nightsafe.cli.keys.KeysCommand;
import dev.nightsafe.cli.machine.DownCommand;
import dev.nightsafe.cli.machine.StatusCommand;
import dev.nightsafe.cli.machine.UpCommand;
import dev.nightsafe.cli.platform.CommandGroup;
import dev.nightsafe.cli.queue.QueueCommand;
import dev.nightsafe.cli.runner.RunnerCommand;
import dev.nightsafe.cli.signin.LoginCommand;
import dev.nightsafe.cli.signin.LogoutCommand;
import dev.nightsafe.cli.signin.WhoamiCommand;
import dev.nightsafe.cli.task.TaskCommand;
import dev.nightsafe.cli.token.TokenCommand;
import dev.nightsafe.cli.vault.VaultCommand;
import dev.nightsafe.cli.workspace.WorkspaceCommand;
import java.lang.reflect.AnnotatedElement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The commands under {@code nightsafe}, in the order of its help. Reading all their annotations takes longer than most
 * commands do, so only those are read whose name stands in the command line.
 */
final class Commands {
    private static final Map<String, Supplier<Object>> ALL = all();

    private Commands() {}

    private static Map<String, Supplier<Object>> all() {
        Map<String, Supplier<Object>> all = new LinkedHashMap<>();
        all.put("demo", DemoCommand::new);
        all.put("init", InitCommand::new);
        all.put("up", UpCommand::new);
        all.put("down", DownCommand::new);
        all.put("status", StatusCommand::new);
        all.put("vault", VaultCommand::new);
        all.put("queue", QueueCommand::new);
        all.put("task", TaskCommand::new);
        all.put("runner", RunnerCommand::new);
        all.put("workspace", WorkspaceCommand::new);
        all.put("token", TokenCommand::new);
        all.put("keys", KeysCommand::new);
        all.put("audit", AuditCommand::new);
        all.put("login", LoginCommand::new);
        all.put("logout", LogoutCommand::new);
        all.put("whoami", WhoamiCommand::new);
        all.put("console", ServerCommands.Console::new);
        all.put("keeper", ServerCommands.Keeper::new);
        all.put("completion", CompletionCommand::new);
        return all;
    }

    /** Adds those that the arguments may mean: whichever they name, or all when they name none or ask for help. */
    static void add(CommandLine root, String... arguments) {
        List<String> given = List.of(arguments);
        for (String name : meant(ALL.keySet(), given)) {
            Object command = Objects.requireNonNull(ALL.get(name)).get();
            CommandLine line = new CommandLine(command);
            if (command instanceof CommandGroup group) {
                addGroup(line, group, given);
            }
            root.addSubcommand(name, line);
        }
    }

    private static void addGroup(CommandLine line, CommandGroup group, List<String> given) {
        List<AnnotatedElement> all = new ArrayList<>(group.classes());
        all.addAll(CommandLine.getCommandMethods(group.getClass(), null));
        Map<String, AnnotatedElement> byName = new LinkedHashMap<>();
        all.forEach(each -> byName.put(
                Objects.requireNonNull(each.getAnnotation(Command.class)).name(), each));
        meant(byName.keySet(), given).forEach(name -> line.addSubcommand(name, byName.get(name)));
    }

    private static List<String> meant(Set<String> names, List<String> given) {
        List<String> named = names.stream().filter(given::contains).toList();
        boolean helpWanted = given.contains("-h") || given.contains("--help");
        return named.isEmpty() || helpWanted ? List.copyOf(names) : named;
    }
}
