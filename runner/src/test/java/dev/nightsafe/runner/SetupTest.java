package dev.nightsafe.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.protocol.keeper.KeeperApi;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Virtual environments. */
@Tag("slow")
class SetupTest extends RunnerTestCase {
    /** A package's own build step: code of others that runs during setup. */
    private static final String BACKEND = """
            import os, zipfile

            def build_wheel(folder, config_settings=None, metadata_directory=None):
                here = os.path.dirname(os.path.abspath(__file__))
                with open(os.path.join(here, "seen.txt"), "w") as f:
                    f.write(repr(dict(os.environ)))
                name = "tiny-1-py3-none-any.whl"
                with zipfile.ZipFile(os.path.join(folder, name), "w") as wheel:
                    wheel.write(os.path.join(here, "tiny.py"), "tiny.py")
                    wheel.writestr("tiny-1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: tiny\\nVersion: 1\\n")
                    wheel.writestr("tiny-1.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
                    wheel.writestr("tiny-1.dist-info/RECORD", "")
                return name
            """;

    @Test
    void requirements_are_installed_without_secrets_in_sight() throws Exception {
        keeper.deposit("v", "KEY", "value-that-setup-must-not-see");
        program("import tiny; return [tiny.ANSWER, sys.prefix != sys.base_prefix]");
        tinyPackage("ANSWER = 42");
        FakeKeeper.Queue queue = keeper.serve("work", RunningRunner.deployment(folder, "python main.py", "v"));
        try (RunningRunner runner = startWithPip(Map.of(
                "UV_INDEX_OWN_PASSWORD",
                "sesame",
                "PIP_EXTRA_INDEX_URL",
                "https://user:sesame@index.invalid/simple"))) {
            KeeperApi.TaskResult result = run(queue, "{}");
            assertThat(result.error()).isNull();
            assertThat(String.valueOf(result.result())).isEqualTo("[42,true]");
            assertThat(Files.readString(folder.resolve("code/tiny/seen.txt")))
                    .contains("'PATH'")
                    .doesNotContain("value-that-setup")
                    .doesNotContain("'KEY'")
                    .doesNotContain("sesame");
            assertThat(runner.log("work"))
                    .contains("PIP_EXTRA_INDEX_URL of the runner isn't given")
                    .doesNotContain("sesame");
        }
    }

    @Test
    void an_environment_is_made_once_and_again_when_its_requirements_change() throws Exception {
        program("return sys.prefix");
        FakeKeeper.Queue queue = keeper.serve("work", RunningRunner.deployment(folder, "python main.py"));
        String first;
        FileTime made;
        try (RunningRunner runner = startWithPip()) {
            first = String.valueOf(run(queue, "{}").result()).replace("\"", "");
            made = Files.getLastModifiedTime(Path.of(first, "pyvenv.cfg"));
        }
        try (RunningRunner runner = startWithPip()) {
            assertThat(String.valueOf(run(queue, "{}").result())).contains(first);
            assertThat(Files.getLastModifiedTime(Path.of(first, "pyvenv.cfg"))).isEqualTo(made);
        }
        Files.writeString(folder.resolve("code/requirements.txt"), "# nothing\n");
        try (RunningRunner runner = startWithPip()) {
            assertThat(String.valueOf(run(queue, "{}").result())).doesNotContain(first);
            assertThat(Path.of(first).getParent()).doesNotExist();
        }
    }

    @Test
    void what_cannot_be_installed_is_said() throws Exception {
        program("return 1");
        Files.writeString(folder.resolve("code/requirements.txt"), "/no/such/package\n");
        FakeKeeper.Queue queue = keeper.serve("work", RunningRunner.deployment(folder, "python main.py"));
        try (RunningRunner runner = startWithPip()) {
            keeper.awaitState(queue, "degraded");
            assertThat(keeper.detail(queue))
                    .contains("can't install requirements.txt")
                    .contains("runner logs");
            assertThat(runner.log("work")).contains("setup ERROR");
        }
    }

    @Test
    void requirements_elsewhere_or_without_end_are_not_read() throws Exception {
        program("return 1");
        Path requirements = folder.resolve("code/requirements.txt");
        Files.createSymbolicLink(requirements, Path.of("/etc/hostname"));
        FakeKeeper.Queue queue = keeper.serve("work", RunningRunner.deployment(folder, "python main.py"));
        try (RunningRunner runner = startWithPip()) {
            keeper.awaitState(queue, "degraded");
            assertThat(keeper.detail(queue)).contains("requirements.txt").contains("instead of a link");
            Files.delete(requirements);
            try (var file = new java.io.RandomAccessFile(requirements.toFile(), "rw")) {
                file.setLength(1L << 40);
            }
            keeper.await("the reason", () -> keeper.detail(queue).contains("more than 16 MiB"));
            Files.delete(requirements);
            Files.createSymbolicLink(requirements, Path.of("main.py"));
            keeper.await("the reason", () -> keeper.detail(queue).contains("can't install requirements.txt"));
        }
    }

    @Test
    void uv_is_used_where_it_is_on_the_path() throws Exception {
        Path uv = Files.createDirectories(folder.resolve("bin")).resolve("uv");
        Files.writeString(uv, """
                #!/bin/sh
                echo "uv $@"
                if [ "$1" = venv ]; then
                    for last; do :; done
                    exec /usr/bin/python3 -m venv --without-pip "$last"
                fi
                """);
        assertThat(uv.toFile().setExecutable(true)).isTrue();
        program("return 1");
        Files.writeString(folder.resolve("code/requirements.txt"), "anything\n");
        FakeKeeper.Queue queue = keeper.serve("work", RunningRunner.deployment(folder, "python main.py"));
        String yaml = "keeper: " + keeper.address() + "\nisolation: none\nallow: {git: ['dir:" + folder
                + "/code'], queues: ['*']}";
        try (RunningRunner runner =
                RunningRunner.with(folder, Map.of("PATH", folder + "/bin:/usr/bin:/bin"), yaml, keeper.token)) {
            assertThat(run(queue, "{}").outcome()).isEqualTo("succeeded");
            assertThat(runner.log("work")).contains("uv venv").contains("uv pip install");
        }
    }

    private RunningRunner startWithPip() {
        return startWithPip(Map.of());
    }

    private RunningRunner startWithPip(Map<String, String> more) {
        String yaml = "keeper: " + keeper.address() + "\nisolation: none\nallow: {git: ['dir:" + folder
                + "/code'], queues: ['*']}";
        Map<String, String> environment = new HashMap<>(PackageIndex.environment());
        environment.putAll(more);
        return RunningRunner.with(folder, environment, yaml, keeper.token);
    }

    private void tinyPackage(String content) throws Exception {
        Path tiny = Files.createDirectories(folder.resolve("code/tiny"));
        Files.writeString(tiny.resolve("tiny.py"), content);
        Files.writeString(tiny.resolve("backend.py"), BACKEND);
        Files.writeString(
                tiny.resolve("pyproject.toml"),
                "[build-system]\nrequires = []\nbuild-backend = 'backend'\nbackend-path = ['.']\n");
        Files.writeString(folder.resolve("code/requirements.txt"), "./tiny\n");
    }
}
