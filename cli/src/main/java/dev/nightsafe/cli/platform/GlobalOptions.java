package dev.nightsafe.cli.platform;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Options that every command takes. */
public final class GlobalOptions {
    @Option(
            names = {"-w", "--workspace"},
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            order = 90,
            description = "Workspace to work in (NIGHTSAFE_WORKSPACE).")
    @Nullable
    String workspace;

    @Option(
            names = "--server",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            order = 91,
            description = "Address of the console (NIGHTSAFE_SERVER).")
    @Nullable
    String server;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            scope = ScopeType.INHERIT,
            order = 92,
            defaultValue = "table",
            description = "table for people, json for programs.")
    OutputFormat output = OutputFormat.TABLE;

    @Option(names = "--debug", scope = ScopeType.INHERIT, order = 93, description = "Show where an error comes from.")
    boolean debug;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            order = 94,
            description = "Show this help.")
    boolean help;

    /** True when errors come with their stack traces. */
    public boolean debug() {
        return debug;
    }
}
