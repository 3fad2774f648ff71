package dev.nightsafe.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.queue.Deployment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A worker that wants what is its runner's and its sibling's. */
@Tag("slow")
class HostileWorkerTest extends RunnerTestCase {
    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

    private static final String ATTACK = """
            import ctypes, glob, socket, subprocess
            at = task["payload"]
            got = []

            def attempt(name, action):
                try:
                    if action():
                        got.append(name)
                except OSError:
                    pass

            def read(path):
                return lambda: open(path, "rb").read(4096)

            def ptrace():
                return ctypes.CDLL(None, use_errno=True).ptrace(16, at["sibling"], 0, 0) == 0

            def connect(address, port):
                s = socket.socket()
                s.settimeout(3)
                s.connect((address, port))
                return True

            for name in ("identity.key", "enrolment.json", "sent.jsonl", "users.json"):
                attempt("runner's " + name, read(os.path.join(at["runner"], name)))
            attempt("runner's folder", lambda: os.listdir(at["runner"]))
            attempt("other queues", lambda: [q for q in os.listdir(at["workers"]) if q != at["queue"]])
            for who in ("sibling", "jvm"):
                for name in ("environ", "mem", "maps"):
                    attempt(who + "'s " + name, read("/proc/%d/%s" % (at[who], name)))
                attempt(who + "'s descriptors", lambda: [os.readlink(f) for f in glob.glob("/proc/%d/fd/*" % at[who])])
                attempt("a signal to " + who, lambda: os.kill(at[who], 0) is None)
            if not at["harmless"]:
                attempt("sibling's memory by ptrace", ptrace)
                attempt("root", lambda: os.setuid(0) is None)
                attempt("root's groups", lambda: os.setgroups([0]) is None)
                attempt("the host's name", lambda: socket.sethostname("evil") is None)
                attempt("the metadata endpoint", lambda: connect("169.254.169.254", 80))
                subprocess.Popen(["sleep", "987654"], start_new_session=True)
            attempt("sibling's file", read(at["file"]))
            attempt("sibling's folder of secrets", lambda: os.listdir(os.path.dirname(at["file"])))
            attempt("sibling's home", lambda: os.listdir(at["home"]) is not None)
            attempt("sibling's code", read(os.path.join(at["code"], "main.py")))
            for name in at["write"]:
                attempt("", lambda: open(os.path.join(name, "evil"), "w") and False)
            return got""";

    @BeforeEach
    void letOthersPass() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"user", "namespace"})
    void a_hostile_worker_gets_nothing(String isolation) {
        if (isolation.equals("user") && !ROOT) {
            assertThat(startIsolated(isolation).awaitEnd()).hasMessageContaining("only root");
            return;
        }
        // An ordinary user can't keep its workers from an address; the runner warns of it at its start.
        assertThat(attack(isolation)).isEqualTo(ROOT ? "[]" : "[\"the metadata endpoint\"]");
    }

    /** Where nothing more can be started, what there is ends all the same; the next worker is another user. */
    @ParameterizedTest
    @ValueSource(strings = {"user", "namespace"})
    void processes_that_take_every_place_end_with_their_worker(String isolation) throws Exception {
        if (!ROOT) {
            return; // only root gives workers users of their own
        }
        FakeKeeper.Queue queue = serve("""
                started = 0
                while True:
                    try:
                        child = os.fork()
                    except OSError:
                        return [started > 10, os.getuid()]
                    if child == 0:
                        os.setsid()
                        os.execv("/bin/sleep", ["sleep", "765432"])
                    started += 1""");
        String before =
                Files.readString(Path.of("/proc/self/limits")).replaceAll("(?s).*Max processes\\s+(\\S+).*", "$1");
        limitProcesses("60");
        try (RunningRunner runner = startIsolated(isolation)) {
            JsonNode first = Objects.requireNonNull(run(queue, "{}").result());
            assertThat(first.get(0).asBoolean()).isTrue();
            keeper.redeploy(queue, RunningRunner.deployment(folder, "python -u main.py"));
            JsonNode second = Objects.requireNonNull(run(queue, "{}").result());
            assertThat(second.get(0).asBoolean()).isTrue();
            assertThat(second.get(1)).isNotEqualTo(first.get(1));
        } finally {
            limitProcesses(before);
        }
        assertThat(ProcessHandle.allProcesses()
                        .filter(process -> commandLine(process).contains("765432")))
                .isEmpty();
    }

    /** Of this process, and so of those that it starts; root itself has no limit. */
    private static void limitProcesses(String most) throws Exception {
        assertThat(new ProcessBuilder(
                                "prlimit", "--pid", "" + ProcessHandle.current().pid(), "--nproc=" + most + ":")
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }

    /** So that it is known that the attack works; without the parts that would do damage. */
    @Test
    void without_isolation_the_same_worker_gets_everything() {
        assertThat(attack("none"))
                .contains("runner's identity.key")
                .contains("sibling's environ")
                .contains("sibling's descriptors")
                .contains("sibling's file")
                .contains("sibling's home")
                .contains("a signal to jvm");
        assertThat(Files.exists(folder.resolve("code/evil"))).isTrue();
    }

    private String attack(String isolation) {
        keeper.deposit("v", "KEY", "value-of-the-sibling");
        keeper.deposit("v", "key.pem", "file-of-the-sibling");
        RunningRunner.program(
                folder,
                "sibling/main.py",
                MainJobTest.PROTOCOL
                        + "serve(lambda task: [os.getpid(), os.environ['KEY_FILE'], os.environ['HOME'], os.getcwd()])");
        FakeKeeper.Queue sibling = keeper.serve(
                "sibling",
                RunningRunner.deployment(
                        "dir:" + folder + "/code/sibling",
                        "python main.py",
                        Deployment.Mode.LONG_RUNNING,
                        List.of("v"),
                        List.of(RunningRunner.secret("v", "key.pem", Deployment.As.FILE, "KEY_FILE"))));
        FakeKeeper.Queue queue = serve(ATTACK);
        String got;
        try (RunningRunner runner = startIsolated(isolation)) {
            JsonNode told = Objects.requireNonNull(run(sibling, "{}").result());
            String payload = """
                    {"runner": "%s", "workers": "%s", "jvm": %d, "sibling": %d, "file": "%s", "home": "%s",
                     "code": "%s", "queue": "%s", "harmless": %s, "write": ["%s", "%s"%s]}""".formatted(
                            folder + "/runner",
                            folder + "/workers",
                            ProcessHandle.current().pid(),
                            hostPid(told.get(0).asLong()),
                            told.get(1).asString(),
                            told.get(2).asString(),
                            folder + "/workers/" + sibling.id + "/git",
                            queue.id,
                            isolation.equals("none"),
                            folder + "/code",
                            folder + "/workers/" + queue.id,
                            isolation.equals("none") ? "" : ", \"/usr\", \"/etc\", \"/\"");
            var result = run(queue, payload);
            assertThat(result.error()).isNull();
            assertThat(String.valueOf(run(sibling, "{}").outcome())).isEqualTo("succeeded");
            got = String.valueOf(result.result());
        }
        for (String place : List.of(folder + "/code", folder + "/workers/" + queue.id, "/usr", "/etc", "/")) {
            boolean written = Files.exists(Path.of(place, "evil"));
            assertThat(written && !isolation.equals("none")).as(place).isFalse();
        }
        List<ProcessHandle> left = ProcessHandle.allProcesses()
                .filter(process -> commandLine(process).contains("987654"))
                .toList();
        assertThat(left).isEmpty();
        return got;
    }

    @ParameterizedTest
    @ValueSource(strings = {"user", "namespace"})
    void a_worker_in_isolation_does_its_job(String wanted) throws Exception {
        String isolation = ROOT ? wanted : "namespace";
        keeper.deposit("v", "KEY", "some-value");
        keeper.deposit("v", "bin", new byte[] {0, 1, (byte) 0xff});
        program("""
                import hashlib, tempfile
                with tempfile.TemporaryFile() as f:
                    f.write(b"x")
                with open(os.path.expanduser("~/cache"), "w") as f:
                    f.write("x")
                return [os.environ["KEY"][::-1], open(os.environ["BIN"], "rb").read().hex(), sys.prefix != sys.base_prefix]""");
        Files.writeString(folder.resolve("code/requirements.txt"), "# nothing\n");
        git("init", "-q", "-b", "main");
        git("add", "-A");
        git("-c", "user.name=Test", "-c", "user.email=test@example.com", "commit", "-q", "-m", "test");
        FakeKeeper.Queue queue = keeper.serve(
                "work",
                RunningRunner.deployment(
                        folder + "/code",
                        "python main.py",
                        Deployment.Mode.LONG_RUNNING,
                        List.of("v"),
                        List.of(RunningRunner.secret("v", "bin", Deployment.As.FILE, "BIN"))));
        for (int i = 0; i < 2; i++) {
            try (RunningRunner runner = startIsolated(isolation)) {
                var result = run(queue, "{}");
                assertThat(result.error()).isNull();
                assertThat(String.valueOf(result.result())).isEqualTo("[\"eulav-emos\",\"0001ff\",true]");
                assertThat(result.commit()).hasSize(40);
                assertThat(runner.ready.join()).endsWith("isolation " + isolation);
            }
        }
    }

    private RunningRunner startIsolated(String isolation) {
        String yaml = "keeper: " + keeper.address() + "\nisolation: " + isolation + "\nworkers-folder: " + folder
                + "/workers\nallow: {git: ['dir:" + folder + "/code', 'dir:" + folder + "/code/sibling', '" + folder
                + "/code'], queues: ['*']}";
        return RunningRunner.with(folder, PackageIndex.environment(), yaml, keeper.token);
    }

    /** The process as this machine numbers it, whatever it is called inside its own namespace. */
    private static long hostPid(long inside) {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> commandLine(process).contains("main.py"))
                .map(ProcessHandle::pid)
                .filter(pid -> pid == inside || inside < 10)
                .findFirst()
                .orElseThrow();
    }

    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
                    .replace('\0', ' ');
        } catch (java.io.IOException e) {
            return "";
        }
    }

    private void git(String... arguments) throws Exception {
        List<String> command = java.util.stream.Stream.concat(
                        java.util.stream.Stream.of("git"), java.util.stream.Stream.of(arguments))
                .toList();
        assertThat(new ProcessBuilder(command)
                        .directory(folder.resolve("code").toFile())
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }
}
