package dev.nightsafe.cli.platform;

import java.util.List;
import picocli.CommandLine.Command;

/**
 * Commands under one name: classes first, then the methods of the group that are commands. Whoever builds the command line
 * adds them ({@code addMethodSubcommands = false}), so that only those are read that it needs.
 */
@Command
public abstract class CommandGroup extends CliCommand {
    protected CommandGroup() {}

    /** Those that are classes. */
    public List<Class<?>> classes() {
        return List.of();
    }
}
