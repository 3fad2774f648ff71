package dev.nightsafe.runner.code;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.queue.GitUrl;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Digests;
import dev.nightsafe.runner.isolation.Cell;
import dev.nightsafe.runner.local.AllowList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fetches a deployment's code with the system's git. What was fetched is kept for the next bootstrap; its settings and the
 * files that are run are made anew each time. The cell runs git alone: no hook, filter or submodule of a repository, and
 * no {@code ext::} address. Only {@code code_path} is checked out when there is one. A token reaches git through a
 * descriptor: it is in no address, argument, log or {@code config}.
 */
public final class Checkout {
    private static final Duration TIME = Duration.ofMinutes(5);
    private static final String REF = "refs/nightsafe/head";

    /** Settings that the user's and the system's would otherwise decide. */
    private static final List<String> GIT = List.of(
            "git",
            "-c",
            "core.hooksPath=/dev/null",
            "-c",
            "core.attributesFile=/dev/null",
            "-c",
            "protocol.ext.allow=never",
            "-c",
            "credential.helper=",
            "-c",
            "core.fsmonitor=false",
            "-c",
            "submodule.recurse=false",
            "-c",
            "gc.auto=0",
            "-c",
            "safe.directory=*",
            "-c",
            "advice.detachedHead=false");

    /** What git would obey in a repository; {@code init} makes what it needs of it. */
    private static final List<String> SETTINGS =
            List.of("config", "config.worktree", "commondir", "hooks", "info", "modules", "objects/info", "worktrees");

    private final SetupStep step;
    private final Cell cell;
    private final Path folder;
    private final GitFiles files;

    /**
     * @param cell git's, which may write {@code folder}; none that runs other programs may
     * @param area the queue's folder, which only the runner writes
     * @param folder the queue's folder for repository and checkout
     */
    public Checkout(SetupStep step, Cell cell, Path area, Path folder) {
        this.step = step;
        this.cell = cell;
        this.folder = folder;
        this.files = new GitFiles(area);
    }

    /** The folder of a {@code dir:} address, null for a repository. */
    public static @Nullable Path localFolder(Deployment deployment) {
        return deployment.gitUrl().startsWith("dir:")
                ? Path.of(deployment.gitUrl().substring(4))
                : null;
    }

    /**
     * Fetches the newest commit of the branch.
     *
     * @throws NightsafeException saying what git couldn't do and what to try
     */
    public Code fetch(Deployment deployment, @Nullable SecretBytes token) throws InterruptedException {
        GitUrl.require(deployment.gitUrl());
        Path local = localFolder(deployment);
        if (local != null) {
            return new Code(inside(local, deployment.codePath(), deployment), null);
        }
        if (token != null) {
            requireSafeFor(deployment.gitUrl());
        }
        String key = Digests.sha256Hex(deployment.gitUrl()).substring(0, 16);
        Path repository = folder.resolve(key + ".git");
        step.remove(cell, folder, name -> !name.equals(key + ".git"));
        step.remove(cell, repository, SETTINGS);
        require(git("init", "--quiet", "--bare", "--template=", repository.toString()), deployment, "prepare");
        fetchBranch(repository, deployment, token);
        String commit = commit(repository, deployment);
        return new Code(tree(repository, folder.resolve("tree"), commit, deployment), commit);
    }

    private void fetchBranch(Path repository, Deployment deployment, @Nullable SecretBytes token)
            throws InterruptedException {
        SetupStep.Outcome outcome = fetchRef(repository, "refs/heads/" + deployment.branch(), deployment, token);
        if (!outcome.succeeded() && isAbout(outcome, "couldn't find remote ref")) {
            outcome = fetchRef(repository, "refs/tags/" + deployment.branch(), deployment, token);
        }
        require(outcome, deployment, "fetch");
    }

    private SetupStep.Outcome fetchRef(Path repository, String ref, Deployment deployment, @Nullable SecretBytes token)
            throws InterruptedException {
        List<String> command = new ArrayList<>(GIT);
        Map<String, String> variables = variables();
        if (token != null) {
            // A server that redirects elsewhere would get the token.
            command.addAll(List.of("-c", "http.followRedirects=false"));
            variables.put("GIT_ASKPASS", files.askPass().toString());
        }
        command.addAll(List.of(
                "--git-dir=" + repository,
                "fetch",
                "--quiet",
                "--depth=1",
                "--no-tags",
                "--no-recurse-submodules",
                "--force",
                "--",
                deployment.gitUrl(),
                "+" + ref + ":" + REF));
        return step.run(cell, new SetupStep.Call("git", command, folder, variables, token, null, TIME));
    }

    private String commit(Path repository, Deployment deployment) throws InterruptedException {
        SetupStep.Outcome outcome = git("--git-dir=" + repository, "rev-parse", REF + "^{commit}");
        require(outcome, deployment, "read");
        return outcome.lines().stream()
                .map(String::strip)
                .filter(line -> line.matches("[0-9a-f]{40,64}"))
                .findFirst()
                .orElseThrow(() -> failure("git named no commit of " + name(deployment) + "; see the queue's log"));
    }

    private Path tree(Path repository, Path tree, String commit, Deployment deployment) throws InterruptedException {
        require(run("mkdir", tree.toString()), deployment, "check out");
        Map<String, String> variables = variables();
        variables.put("GIT_INDEX_FILE", folder.resolve("index").toString());
        List<String> command = new ArrayList<>(GIT);
        command.addAll(List.of(
                "--literal-pathspecs",
                "--git-dir=" + repository,
                "--work-tree=" + tree,
                "checkout",
                "--quiet",
                "--force",
                commit,
                "--",
                deployment.codePath().isEmpty() ? "." : deployment.codePath()));
        require(
                step.run(cell, new SetupStep.Call("git", command, tree, variables, null, null, TIME)),
                deployment,
                "check out");
        return inside(tree, deployment.codePath(), deployment);
    }

    private SetupStep.Outcome git(String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(GIT);
        command.addAll(List.of(arguments));
        return step.run(cell, new SetupStep.Call("git", command, folder, variables(), null, null, TIME));
    }

    private SetupStep.Outcome run(String... command) throws InterruptedException {
        return step.run(cell, new SetupStep.Call("git", List.of(command), folder, Map.of(), null, null, TIME));
    }

    private Map<String, String> variables() {
        Map<String, String> variables = new HashMap<>();
        variables.put("GIT_CONFIG_NOSYSTEM", "1");
        variables.put("GIT_ATTR_NOSYSTEM", "1");
        variables.put("GIT_CONFIG_GLOBAL", files.settings().toString());
        variables.put("GIT_TERMINAL_PROMPT", "0");
        variables.put("GIT_ALLOW_PROTOCOL", "https:http:ssh:git:file");
        variables.put("GIT_SSH_COMMAND", "ssh -oBatchMode=yes");
        return variables;
    }

    private static Path inside(Path root, String codePath, Deployment deployment) {
        try {
            Path real = root.toRealPath();
            Path code = real.resolve(codePath).toRealPath();
            if (code.startsWith(real) && Files.isDirectory(code)) {
                return code;
            }
        } catch (IOException e) {
            // Said below.
        }
        throw failure("there is no folder '" + (codePath.isEmpty() ? "." : codePath) + "' in " + name(deployment)
                + "; check code_path in the queue's deployment");
    }

    private static void requireSafeFor(String url) {
        boolean local = url.matches("http://(127\\.0\\.0\\.1|localhost|\\[::1])[:/].*");
        if (!url.startsWith("https://") && !local) {
            throw failure("git_token needs an https:// address; with ssh:// use a key of the machine's instead");
        }
    }

    private static void require(SetupStep.Outcome outcome, Deployment deployment, String what) {
        if (outcome.succeeded()) {
            return;
        }
        throw failure("git can't " + what + " " + name(deployment) + ": " + why(outcome));
    }

    private static String why(SetupStep.Outcome outcome) {
        if (outcome.timedOut()) {
            return "no end within " + TIME.toMinutes() + " minutes; is the server reachable from here?";
        }
        if (outcome.exit() == 127) {
            return "git isn't installed on this machine; install it";
        }
        if (isAbout(outcome, "couldn't find remote ref")) {
            return "there is no such branch or tag; check 'branch' in the queue's deployment";
        }
        if (isAbout(outcome, "could not read Username")
                || isAbout(outcome, "Authentication failed")
                || isAbout(outcome, "could not read Password")) {
            return "the server wants credentials, or others; give git_token: vault://<vault>/<key> in the queue's"
                    + " deployment, with a token that may read the repository";
        }
        if (isAbout(outcome, "Could not resolve host")) {
            return "the server's name doesn't resolve here; check the address and this machine's network or proxy";
        }
        if (isAbout(outcome, "pathspec")) {
            return "the branch has no such code_path; check it in the queue's deployment";
        }
        return "exit status " + outcome.exit() + "; `nightsafe runner logs` shows what git said";
    }

    private static boolean isAbout(SetupStep.Outcome outcome, String words) {
        return outcome.lines().stream().anyMatch(line -> line.contains(words));
    }

    private static String name(Deployment deployment) {
        return AllowList.withoutUser(deployment.gitUrl()) + " (" + deployment.branch() + ")";
    }

    private static NightsafeException failure(String message) {
        return new NightsafeException(ProblemCode.BAD_REQUEST, message);
    }
}
