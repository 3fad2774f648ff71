package dev.nightsafe.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.signing.Digests;
import dev.nightsafe.protocol.keeper.KeeperApi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What ran before consent was asked prepares nothing for what runs after it was given (I3). */
@Tag("slow")
class PreparedPlaceTest extends RunnerTestCase {
    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

    /** A package's build step that leaves what it can where it can, in its queue's folder and outside of it. */
    private static final String PLANTING = """
            import json, os, subprocess, sys, zipfile

            with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "hints.json")) as f:
                hints = json.load(f)

            def attempt(action, *arguments, **named):
                try:
                    return action(*arguments, **named)
                except OSError:
                    return None

            def leave(folder):
                for name, text in (("main.py", hints["program"]), ("sitecustomize.py", "# planted")):
                    def write():
                        with open(os.path.join(folder, name), "w") as f:
                            f.write(text)
                    attempt(os.chmod, folder, 0o777)
                    attempt(write)

            def poison(file):
                with open(file, "a") as f:
                    f.write('[url "/planted"]\\n\\tinsteadOf = /\\n')

            def plant():
                for place in hints["places"]:
                    attempt(os.makedirs, place)
                    leave(place)
                    for root, folders, files in os.walk(place):
                        leave(root)
                        for name in files:
                            if name == "config":
                                attempt(poison, os.path.join(root, name))
                leave(os.path.expanduser("~"))
                attempt(os.makedirs, os.path.expanduser("~/.config/pip"))
                attempt(leave, os.path.expanduser("~/.config/pip"))
                nothing = subprocess.DEVNULL
                subprocess.Popen(["sleep", "876543"], start_new_session=True, stdout=nothing, stderr=nothing)

            def build_wheel(folder, config_settings=None, metadata_directory=None):
                plant()
                name = "evil-1-py3-none-any.whl"
                with zipfile.ZipFile(os.path.join(folder, name), "w") as wheel:
                    wheel.writestr("evil.py", "")
                    wheel.writestr("evil-1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: evil\\nVersion: 1\\n")
                    wheel.writestr("evil-1.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
                    wheel.writestr("evil-1.dist-info/RECORD", "")
                return name
            """;

    private static final String PROJECT =
            "[build-system]\nrequires = []\nbuild-backend = 'backend'\nbackend-path = ['.']\n";

    private Repository repository;

    @BeforeEach
    void makeRepository() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        repository = Repository.in(folder.resolve("code"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"user", "namespace"})
    void setup_of_one_commit_leaves_nothing_for_another(String wanted) throws Exception {
        String isolation = ROOT ? wanted : "namespace";
        program("return ['consented', os.listdir(os.path.expanduser('~')), os.listdir(os.environ['TMPDIR'])]");
        String consented = repository.commit();
        program("return 'not consented'");
        FakeKeeper.Queue queue = serve("python main.py");
        Path area = folder.resolve("workers").resolve(queue.id);
        repository
                .write("requirements.txt", "./evil\n")
                .write("evil/pyproject.toml", PROJECT)
                .write("evil/backend.py", PLANTING)
                .write("evil/hints.json", hints(area, consented))
                .commit();
        try (RunningRunner runner = start(isolation)) {
            KeeperApi.TaskResult result = runWhenReady(queue);
            assertThat(result.error()).isNull();
            assertThat(String.valueOf(result.result())).isEqualTo("\"not consented\"");
        }
        repository.git("reset", "-q", "--hard", consented);
        try (RunningRunner runner = start(isolation)) {
            KeeperApi.TaskResult result = runWhenReady(queue);
            assertThat(result.commit()).isEqualTo(consented);
            assertThat(String.valueOf(result.result())).isEqualTo("[\"consented\",[],[]]");
        }
        assertThat(FilesIn.with(area, "planted")).isEmpty();
        assertThat(ProcessHandle.allProcesses()
                        .filter(process ->
                                process.info().commandLine().orElse("").contains("876543")))
                .isEmpty();
    }

    /** What the build step needs to know, which isn't secret: where things were, and would be, for the consented commit. */
    private String hints(Path area, String consented) {
        String tree = Digests.sha256Hex(folder + "/code").substring(0, 16) + "-" + consented + "-"
                + Digests.sha256Hex("").substring(0, 8);
        List<String> places = Stream.of("code/" + tree, "code", "venv", "git", "environments", "home-0", "home-1", "")
                .map(name -> "\"" + area.resolve(name) + "\"")
                .toList();
        String program = MainJobTest.PROTOCOL + "serve(lambda task: 'planted')\n";
        return "{\"places\": [" + String.join(",", places) + "], \"program\": \""
                + program.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"}";
    }

    /** Without isolation anybody may write the repository's settings; they are not read again even then. */
    @Test
    void settings_that_someone_wrote_into_a_fetched_repository_are_not_used() throws Exception {
        program("return open('data.txt').read()");
        repository.write("data.txt", "old").commit();
        FakeKeeper.Queue queue = serve("python main.py");
        try (RunningRunner runner = start("none")) {
            assertThat(String.valueOf(runWhenReady(queue).result())).isEqualTo("\"old\"");
        }
        Path elsewhere = folder.resolve("elsewhere");
        Repository.in(elsewhere)
                .write("main.py", MainJobTest.PROTOCOL + "serve(lambda task: 'planted')\n")
                .commit();
        for (Path config : FilesIn.named(folder.resolve("workers"), "config")) {
            Files.writeString(
                    config,
                    Files.readString(config) + "[url \"" + elsewhere + "\"]\n\tinsteadOf = " + folder + "/code\n"
                            + "[filter \"x\"]\n\tsmudge = echo planted\n");
        }
        for (Path git : FilesIn.ending(folder.resolve("workers"), ".git")) {
            Files.createDirectories(git.resolve("info"));
            Files.writeString(git.resolve("info/attributes"), "*.txt filter=x\n");
        }
        String commit = repository
                .write("data.txt", "new")
                .write(".gitattributes", "*.txt filter=x\n")
                .commit();
        try (RunningRunner runner = start("none")) {
            KeeperApi.TaskResult result = runWhenReady(queue);
            assertThat(String.valueOf(result.result())).isEqualTo("\"new\"");
            assertThat(result.commit()).isEqualTo(commit);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "user", "namespace"})
    void each_worker_starts_in_an_empty_home(String wanted) throws Exception {
        String isolation = ROOT || wanted.equals("none") ? wanted : "namespace";
        program("""
                home, temporary = os.path.expanduser("~"), os.environ["TMPDIR"]
                found = os.listdir(home) + os.listdir(temporary)
                for folder in (home, temporary):
                    with open(os.path.join(folder, ".pgpass"), "w") as f:
                        f.write("plan" + "ted")
                return found""");
        repository.commit();
        FakeKeeper.Queue queue = serve("python main.py");
        try (RunningRunner runner = start(isolation)) {
            assertThat(String.valueOf(runWhenReady(queue).result())).isEqualTo("[]");
            keeper.redeploy(queue, deployment("python -u main.py"));
            assertThat(String.valueOf(runWhenReady(queue).result())).isEqualTo("[]");
        }
        assertThat(FilesIn.with(folder.resolve("workers"), "planted")).isEmpty();
    }

    @Test
    void an_environment_holds_what_its_own_commit_brings() throws Exception {
        program("import tiny; return tiny.ANSWER");
        repository.write("requirements.txt", "--no-index\n--find-links wheels\ntiny\n");
        wheel("'first'");
        String first = repository.commit();
        FakeKeeper.Queue queue = serve("python main.py");
        try (RunningRunner runner = start("none")) {
            assertThat(String.valueOf(runWhenReady(queue).result())).isEqualTo("\"first\"");
        }
        wheel("'second'");
        assertThat(repository.commit()).isNotEqualTo(first);
        try (RunningRunner runner = start("none")) {
            assertThat(String.valueOf(runWhenReady(queue).result())).isEqualTo("\"second\"");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "user", "namespace"})
    void an_environment_is_made_once_for_each_commit_and_deployment(String wanted) throws Exception {
        String isolation = ROOT || wanted.equals("none") ? wanted : "namespace";
        program("return sys.prefix");
        repository.write("requirements.txt", "# nothing\n").commit();
        FakeKeeper.Queue queue = serve("python main.py");
        String prefix;
        FileTime made;
        try (RunningRunner _ = start(isolation)) {
            prefix = prefix(queue);
            made = Files.getLastModifiedTime(Path.of(prefix, "pyvenv.cfg"));
            try (Stream<Path> all = Files.walk(Path.of(prefix))) { // the runner's now, not setup's
                Object ours = Files.getAttribute(folder, "unix:uid");
                assertThat(all.map(FilesIn::owner)).containsOnly(ours);
            }
        }
        try (RunningRunner runner = start(isolation)) {
            assertThat(prefix(queue)).isEqualTo(prefix);
            assertThat(Files.getLastModifiedTime(Path.of(prefix, "pyvenv.cfg"))).isEqualTo(made);
            keeper.redeploy(queue, deployment("python -u main.py"));
            keeper.await("another environment", () -> !Files.exists(Path.of(prefix)));
            assertThat(prefix(queue)).isNotEqualTo(prefix);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"user", "namespace"})
    void what_calls_itself_complete_and_is_not_is_thrown_away(String wanted) throws Exception {
        String isolation = ROOT ? wanted : "namespace";
        program(
                "return [os.path.exists(sys.prefix + '/planted'), os.access(sys.prefix, os.W_OK), os.access('.', os.W_OK)]");
        Path fails = Files.createFile(
                Files.createDirectories(folder.resolve("links")).resolve("fails"));
        repository
                .write("requirements.txt", "./evil\n")
                .write("evil/pyproject.toml", PROJECT)
                .write("evil/backend.py", """
                        import os, sys
                        if os.path.exists("%s"):
                            for name in (".nightsafe-complete", "planted", "../planted"):
                                open(os.path.join(sys.prefix, name), "w").close()
                            sys.exit(1)
                        """.formatted(fails) + PLANTING.replace("plant()\n", "pass\n"))
                .write("evil/hints.json", "{}")
                .commit();
        FakeKeeper.Queue queue = serve("python main.py");
        try (RunningRunner runner = start(isolation)) {
            keeper.awaitState(queue, "degraded");
            Files.delete(fails);
            assertThat(String.valueOf(runWhenReady(queue).result())).isEqualTo("[false,false,false]");
        }
    }

    /** Setup takes its time on a busy machine. */
    private KeeperApi.TaskResult runWhenReady(FakeKeeper.Queue queue) {
        keeper.awaitState(queue, "ready");
        return run(queue, "{}");
    }

    private String prefix(FakeKeeper.Queue queue) {
        return Objects.requireNonNull(runWhenReady(queue).result()).asString();
    }

    private FakeKeeper.Queue serve(String command) {
        return keeper.serve("work", deployment(command));
    }

    private Deployment deployment(String command) {
        return RunningRunner.deployment(folder + "/code", command, Deployment.Mode.LONG_RUNNING, List.of(), List.of());
    }

    private RunningRunner start(String isolation) {
        keeper.forgetReports();
        String yaml = "keeper: " + keeper.address() + "\nisolation: " + isolation + "\nworkers-folder: " + folder
                + "/workers\nallow: {git: ['" + folder + "/code'], queues: ['*']}";
        Map<String, String> environment = new HashMap<>(PackageIndex.environment());
        environment.merge("PIP_FIND_LINKS", folder + "/links", (there, more) -> there + " " + more);
        return RunningRunner.with(folder, environment, yaml, keeper.token);
    }

    private void wheel(String answer) throws IOException {
        Path wheels = Files.createDirectories(folder.resolve("code/wheels"));
        Path file = wheels.resolve("tiny-1-py3-none-any.whl");
        Files.deleteIfExists(file);
        try (var zip = new java.util.zip.ZipOutputStream(Files.newOutputStream(file))) {
            entry(zip, "tiny.py", "ANSWER = " + answer);
            entry(zip, "tiny-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1\n");
            entry(zip, "tiny-1.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n");
            entry(zip, "tiny-1.dist-info/RECORD", "");
        }
    }

    private static void entry(java.util.zip.ZipOutputStream zip, String name, String text) throws IOException {
        zip.putNextEntry(new java.util.zip.ZipEntry(name));
        zip.write(text.getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
    }
}
