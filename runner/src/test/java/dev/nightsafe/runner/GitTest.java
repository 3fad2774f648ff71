package dev.nightsafe.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.queue.Disclosure;
import dev.nightsafe.core.queue.Renewal;
import dev.nightsafe.protocol.keeper.KeeperApi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Code from real repositories. */
class GitTest extends RunnerTestCase {
    @Test
    void a_branch_is_checked_out_and_its_commit_recorded() throws Exception {
        program("return open('data.txt').read()");
        String first = commit("data.txt", "on main");
        git("checkout", "-q", "-b", "side");
        String second = commit("data.txt", "on the side");
        FakeKeeper.Queue queue = serve(repository(), "side", "", null);
        try (RunningRunner runner = start()) {
            KeeperApi.TaskResult result = run(queue, "{}");
            assertThat(String.valueOf(result.result())).isEqualTo("\"on the side\"");
            assertThat(result.commit()).isEqualTo(second).isNotEqualTo(first);
            assertThat(keeper.grants().getFirst().commit()).isEqualTo(second);
        }
    }

    @Test
    void a_new_commit_arrives_at_the_next_bootstrap() throws Exception {
        program("return open('data.txt').read()");
        commit("data.txt", "old");
        FakeKeeper.Queue queue = serve(repository(), "main", "", null);
        try (RunningRunner runner = start()) {
            assertThat(String.valueOf(run(queue, "{}").result())).isEqualTo("\"old\"");
        }
        String commit = commit("data.txt", "new");
        try (RunningRunner runner = start()) {
            KeeperApi.TaskResult result = run(queue, "{}");
            assertThat(String.valueOf(result.result())).isEqualTo("\"new\"");
            assertThat(result.commit()).isEqualTo(commit);
        }
    }

    @Test
    void only_the_code_path_is_checked_out() throws Exception {
        program("return sorted(os.listdir('.')) + sorted(os.listdir('../..'))");
        Files.createDirectories(folder.resolve("code/deep/inside"));
        Files.move(folder.resolve("code/main.py"), folder.resolve("code/deep/inside/main.py"));
        commit("other.txt", "not for this queue");
        FakeKeeper.Queue queue = serve(repository(), "main", "deep/inside", null);
        try (RunningRunner runner = start()) {
            assertThat(String.valueOf(run(queue, "{}").result())).isEqualTo("[\"main.py\",\"deep\"]");
        }
    }

    @Test
    void a_code_path_that_leads_out_of_the_repository_is_refused() throws Exception {
        program("return 1");
        Files.createSymbolicLink(folder.resolve("code/out"), Path.of("/etc"));
        commit("x", "x");
        FakeKeeper.Queue queue = serve(repository(), "main", "out", null);
        try (RunningRunner runner = start()) {
            keeper.awaitState(queue, "degraded");
            assertThat(keeper.detail(queue)).contains("there is no folder 'out'");
        }
    }

    @Test
    void what_git_cannot_do_is_said_with_what_to_do() throws Exception {
        program("return 1");
        commit("x", "x");
        FakeKeeper.Queue queue = serve(repository(), "no-such-branch", "", null);
        try (RunningRunner runner = start()) {
            keeper.awaitState(queue, "degraded");
            assertThat(keeper.detail(queue)).contains("no such branch").contains("'branch'");
            keeper.redeploy(queue, deployment(repository(), "main", "no/such/path", null));
            keeper.await("the reason", () -> keeper.detail(queue).contains("no such code_path"));
            keeper.redeploy(queue, deployment(repository(), "main", "", null));
            assertThat(run(queue, "{}").outcome()).isEqualTo("succeeded");
        }
    }

    @Test
    void hooks_of_a_repository_and_programs_as_addresses_are_not_run() throws Exception {
        program("return os.path.exists('" + folder + "/hooked')");
        commit("x", "x");
        Path hook = folder.resolve("code/.git/hooks/post-checkout");
        Files.writeString(hook, "#!/bin/sh\ntouch " + folder + "/hooked\n");
        assertThat(hook.toFile().setExecutable(true)).isTrue();
        FakeKeeper.Queue queue = serve(repository(), "main", "", null);
        String evil = "ext::sh -c touch% " + folder + "/hooked";
        FakeKeeper.Queue ext = keeper.serve("ext", deployment(evil, "main", "", null));
        try (RunningRunner runner = startAllowing(repository(), evil)) {
            assertThat(String.valueOf(run(queue, "{}").result())).isEqualTo("false");
            keeper.awaitState(ext, "degraded");
            assertThat(Files.exists(folder.resolve("hooked"))).isFalse();
        }
    }

    @Test
    void a_token_opens_a_private_repository_and_is_nowhere_else() throws Exception {
        String token = "git-token-" + System.nanoTime();
        program("return [k for k in os.environ if 'GIT' in k.upper()]");
        commit("x", "x");
        keeper.deposit("v", "git", token);
        try (GitServer server = new GitServer(folder, token)) {
            String url = server.url("code/.git");
            FakeKeeper.Queue queue = keeper.serve(
                    "work", deployment(url, "main", "", new Deployment.KeyRef(RunningRunner.vault("v"), "git")));
            try (RunningRunner runner = startAllowing(url)) {
                assertThat(String.valueOf(run(queue, "{}").result())).isEqualTo("[]");
                assertThat(server.users).contains("x-access-token");
                assertThat(keeper.grants().getFirst().purpose()).isEqualTo("git");
            }
        }
        assertThat(filesWith(folder.resolve("runner"), token)).isEmpty();
        assertThat(keeper.everything()).doesNotContain(token);
    }

    @Test
    void a_wrong_token_is_said_and_not_shown() throws Exception {
        program("return 1");
        commit("x", "x");
        keeper.deposit("v", "git", "a-wrong-token");
        try (GitServer server = new GitServer(folder, "the-right-one")) {
            String url = server.url("code/.git");
            FakeKeeper.Queue queue = keeper.serve(
                    "work", deployment(url, "main", "", new Deployment.KeyRef(RunningRunner.vault("v"), "git")));
            try (RunningRunner runner = startAllowing(url)) {
                keeper.awaitState(queue, "degraded");
                assertThat(keeper.detail(queue)).contains("git_token");
                assertThat(runner.log("work")).doesNotContain("a-wrong-token");
            }
            assertThat(filesWith(folder.resolve("runner"), "a-wrong-token")).isEmpty();
        }
    }

    @Test
    void a_repository_that_wants_credentials_without_a_token_is_said() throws Exception {
        program("return 1");
        commit("x", "x");
        try (GitServer server = new GitServer(folder, "the-right-one")) {
            String url = server.url("code/.git");
            FakeKeeper.Queue queue = keeper.serve("work", deployment(url, "main", "", null));
            try (RunningRunner runner = startAllowing(url)) {
                keeper.awaitState(queue, "degraded");
                assertThat(keeper.detail(queue)).contains("wants credentials");
            }
        }
    }

    private RunningRunner startAllowing(String... urls) {
        String git = String.join("', '", urls);
        return RunningRunner.start(
                folder, keeper, "isolation: none\nallow: {git: ['" + git + "'], queues: ['*']}", RunningRunner.QUICK);
    }

    private FakeKeeper.Queue serve(String url, String branch, String codePath, Deployment.@Nullable KeyRef token) {
        return keeper.serve("work", deployment(url, branch, codePath, token));
    }

    private static Deployment deployment(
            String url, String branch, String codePath, Deployment.@Nullable KeyRef token) {
        return new Deployment(
                url,
                branch,
                codePath,
                "python main.py",
                Deployment.Mode.LONG_RUNNING,
                10,
                false,
                List.of(),
                List.of(),
                token,
                Disclosure.USUAL,
                Renewal.USUAL);
    }

    private String repository() {
        return folder + "/code";
    }

    private String commit(String file, String content) throws Exception {
        if (!Files.exists(folder.resolve("code/.git"))) {
            git("init", "-q", "-b", "main");
        }
        Files.writeString(folder.resolve("code").resolve(file), content);
        git("add", "-A");
        git("-c", "user.name=Test", "-c", "user.email=test@example.com", "commit", "-q", "-m", "test");
        return git("rev-parse", "HEAD").strip();
    }

    private String git(String... arguments) throws Exception {
        List<String> command =
                Stream.concat(Stream.of("git"), Stream.of(arguments)).toList();
        Process process = new ProcessBuilder(command)
                .directory(folder.resolve("code").toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private static List<Path> filesWith(Path folder, String text) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> read(file).contains(text))
                    .toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(Objects.requireNonNull(e));
        }
    }
}
