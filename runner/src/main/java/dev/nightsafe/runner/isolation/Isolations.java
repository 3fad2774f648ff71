package dev.nightsafe.runner.isolation;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.runner.local.RunnerConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Chooses how workers are isolated: as {@code runner.yaml} says, or as strongly as the machine can. */
public final class Isolations {
    private final Path folder;
    private final Path python;
    private final Sandbox sandbox;

    private Isolations(RunnerConfig config, Path python, Map<String, String> environment) {
        this.folder = config.folder();
        this.python = python;
        this.sandbox = new Sandbox(environment, pythonFolders(python));
    }

    /** Throws when what is written isn't to be had here, or nothing is written and the machine offers nothing. */
    public static Isolation choose(RunnerConfig config, Path python, Map<String, String> environment) {
        if ("none".equals(config.isolation())) {
            return new Unconfined(config.folder());
        }
        return new Isolations(config, python, environment).choose(config.isolation());
    }

    private Isolation choose(@Nullable String wanted) {
        Optional<String> noUser = OwnUser.problem(folder, python);
        if ("user".equals(wanted)) {
            requireNo("user", noUser);
            return new OwnUser(folder, python);
        }
        Optional<String> noNamespace = namespaceProblem(noUser);
        if ("namespace".equals(wanted)) {
            requireNo("namespace", noNamespace);
        }
        if (noNamespace.isEmpty()) {
            return new OwnNamespace(OwnUser.isRoot() ? new OwnUser(folder, python) : null, sandbox);
        }
        if (noUser.isEmpty()) {
            return new OwnUser(folder, python);
        }
        throw new NightsafeException(
                ProblemCode.BAD_REQUEST,
                "this machine can't isolate workers (namespace: " + noNamespace.get() + "; user: " + noUser.get()
                        + "). Install bubblewrap, or write 'isolation: none' in runner.yaml if workers may reach what"
                        + " the runner can");
    }

    /** Root's workers have users of their own in their namespaces: in root's they would still own root's files. */
    private Optional<String> namespaceProblem(Optional<String> noUser) {
        if (!OwnUser.isRoot()) {
            return OwnNamespace.problem(List.of(), sandbox, python);
        }
        return noUser.or(() -> OwnNamespace.problem(OwnUser.anyUser(folder), sandbox, python));
    }

    private static void requireNo(String name, Optional<String> problem) {
        if (problem.isPresent()) {
            throw new NightsafeException(
                    ProblemCode.BAD_REQUEST, "there is no isolation '" + name + "' on this machine: " + problem.get());
        }
    }

    /** Where a Python outside of /usr has its library: the folder above the one that its program is in. */
    private static List<Path> pythonFolders(Path python) {
        try {
            Path bin = python.toRealPath().getParent();
            Path above = bin == null ? null : bin.getParent();
            return above == null ? List.of() : List.of(above, python);
        } catch (java.io.IOException e) {
            return List.of();
        }
    }
}
