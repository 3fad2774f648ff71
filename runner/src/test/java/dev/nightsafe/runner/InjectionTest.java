package dev.nightsafe.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.protocol.keeper.KeeperApi;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Exactly the granted values reach a worker, byte by byte, and nothing else does. */
class InjectionTest extends RunnerTestCase {
    private static final String PEM = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG\n-----END PRIVATE KEY-----\n";

    @Test
    void values_arrive_byte_by_byte_also_those_that_the_c_locale_cannot_show() {
        String umlauts = "pässwörd-€-😀\t'\"\\$(id)`\n";
        keeper.deposit("v", "PEM", PEM);
        keeper.deposit("v", "UMLAUTS", umlauts);
        FakeKeeper.Queue queue =
                serve("return {k: os.environb[k.encode()].hex()[::-1] for k in ['PEM', 'UMLAUTS']}", "v");
        try (RunningRunner runner = start()) {
            KeeperApi.TaskResult result = run(queue, "{}");
            assertThat(hex(result, "PEM")).isEqualTo(PEM);
            assertThat(hex(result, "UMLAUTS")).isEqualTo(umlauts);
        }
    }

    @Test
    void the_environment_holds_nothing_of_the_runners() {
        keeper.deposit("v", "ONE", "value-of-one");
        FakeKeeper.Queue queue = serve("return sorted(os.environ)", "v");
        try (RunningRunner runner = start()) {
            assertThat(String.valueOf(run(queue, "{}").result()))
                    .isEqualTo(
                            "[\"HOME\",\"LANG\",\"NIGHTSAFE_JAVA_SDK\",\"ONE\",\"PATH\",\"TMPDIR\",\"VIRTUAL_ENV\"]");
        }
    }

    @Test
    void home_and_temporary_folder_are_the_workers_own() {
        FakeKeeper.Queue queue = serve("""
                for name in ("HOME", "TMPDIR"):
                    with open(os.path.join(os.environ[name], "x"), "w"): pass
                return [oct(os.stat(os.environ[n]).st_mode & 0o777) for n in ("HOME", "TMPDIR")]""");
        try (RunningRunner runner = start()) {
            assertThat(String.valueOf(run(queue, "{}").result())).isEqualTo("[\"0o700\",\"0o700\"]");
        }
    }

    @Test
    void no_value_is_in_a_command_line_or_in_an_open_descriptor() {
        keeper.deposit("v", "KEY", "value-in-nobodys-argv");
        FakeKeeper.Queue queue = serve("""
                import glob
                lines = []
                for path in glob.glob("/proc/[0-9]*/cmdline"):
                    try:
                        lines.append(open(path, "rb").read())
                    except OSError:
                        pass
                found = [line for line in lines if os.environb[b"KEY"] in line]
                mine = sorted(int(fd) for fd in os.listdir("/proc/self/fd"))
                return {"found": len(found), "descriptors": len([fd for fd in mine if fd > 2])}""", "v");
        try (RunningRunner runner = start()) {
            // The one descriptor is that of the listing itself.
            assertThat(String.valueOf(run(queue, "{}").result())).isEqualTo("{\"found\":0,\"descriptors\":1}");
        }
    }

    @Test
    void a_later_vault_wins_and_a_single_secret_over_both() {
        keeper.deposit("first", "A", "first-a");
        keeper.deposit("first", "B", "first-b");
        keeper.deposit("second", "B", "second-b");
        keeper.deposit("third", "OTHER", "third-other");
        program("return {k: os.environ.get(k, '')[::-1] for k in ('A', 'B', 'C')}");
        FakeKeeper.Queue queue = keeper.serve(
                "work",
                RunningRunner.deployment(
                        "dir:" + folder + "/code",
                        "python main.py",
                        Deployment.Mode.LONG_RUNNING,
                        List.of("first", "second"),
                        List.of(
                                RunningRunner.secret("third", "OTHER", Deployment.As.ENV, "A"),
                                RunningRunner.secret("third", "OTHER", Deployment.As.ENV, "C"))));
        try (RunningRunner runner = start()) {
            assertThat(String.valueOf(run(queue, "{}").result()))
                    .isEqualTo("{\"A\":\"rehto-driht\",\"B\":\"b-dnoces\",\"C\":\"rehto-driht\"}");
        }
    }

    @Test
    void a_key_that_is_no_variable_name_is_given_only_when_asked_for() {
        keeper.deposit("v", "key.pem", PEM);
        FakeKeeper.Queue queue = serve("return [k for k in os.environ if 'pem' in k]", "v");
        try (RunningRunner runner = start()) {
            assertThat(String.valueOf(run(queue, "{}").result())).isEqualTo("[]");
        }
    }

    @Test
    void a_secret_as_a_file_is_private_exact_and_gone_afterwards() {
        byte[] binary = new byte[200_000];
        new java.util.Random(7).nextBytes(binary);
        keeper.deposit("v", "key.bin", binary);
        program("""
                import hashlib
                path = os.environ["KEY_FILE"]
                return {"mode": oct(os.stat(path).st_mode & 0o777),
                        "folder": oct(os.stat(os.path.dirname(path)).st_mode & 0o777),
                        "sha": hashlib.sha256(open(path, "rb").read()).hexdigest(), "path": path}""");
        FakeKeeper.Queue queue = keeper.serve(
                "work",
                RunningRunner.deployment(
                        "dir:" + folder + "/code",
                        "python main.py",
                        Deployment.Mode.LONG_RUNNING,
                        List.of(),
                        List.of(RunningRunner.secret("v", "key.bin", Deployment.As.FILE, "KEY_FILE"))));
        String path;
        try (RunningRunner runner = start()) {
            var result = java.util.Objects.requireNonNull(run(queue, "{}").result());
            path = result.get("path").asString();
            assertThat(result.get("mode").asString()).isEqualTo("0o400");
            assertThat(result.get("folder").asString()).isEqualTo("0o700");
            assertThat(result.get("sha").asString()).isEqualTo(dev.nightsafe.core.signing.Digests.sha256Hex(binary));
            assertThat(Files.exists(Path.of(path))).isTrue();
        }
        assertThat(Files.exists(Path.of(path).getParent())).isFalse();
    }

    @Test
    void a_secret_at_a_descriptor_has_no_name_is_exact_and_nobody_can_change_it() {
        byte[] binary = new byte[200_000];
        new java.util.Random(7).nextBytes(binary);
        keeper.deposit("v", "key.bin", binary);
        keeper.deposit("v", "TOKEN", "token-at-a-descriptor");
        program("""
                import fcntl, hashlib
                number = int(os.environ["KEY_FD"])
                refused = []
                for change in (lambda: os.ftruncate(number, 0), lambda: os.pwrite(number, b"x", 0)):
                    try:
                        change()
                    except OSError as e:
                        refused.append(e.errno)
                return {"sha": hashlib.sha256(open("/proc/self/fd/%d" % number, "rb").read()).hexdigest(),
                        "link": os.readlink("/proc/self/fd/%d" % number), "refused": refused,
                        "child": subprocess.run(["sh", "-c", "cat <&$TOKEN_FD | wc -c"], close_fds=False,
                                                capture_output=True, text=True).stdout.strip(),
                        "as_variable": "TOKEN" in os.environ}""");
        FakeKeeper.Queue queue = keeper.serve(
                "work",
                RunningRunner.deployment(
                        "dir:" + folder + "/code",
                        "python main.py",
                        Deployment.Mode.LONG_RUNNING,
                        List.of("v"),
                        List.of(
                                RunningRunner.secret("v", "key.bin", Deployment.As.FD, "KEY_FD"),
                                RunningRunner.secret("v", "TOKEN", Deployment.As.FD, "TOKEN_FD"))));
        try (RunningRunner runner = start()) {
            var result = java.util.Objects.requireNonNull(run(queue, "{}").result());
            assertThat(result.get("sha").asString()).isEqualTo(dev.nightsafe.core.signing.Digests.sha256Hex(binary));
            assertThat(result.get("link").asString()).startsWith("/memfd:").endsWith("(deleted)");
            assertThat(String.valueOf(result.get("refused"))).isEqualTo("[1,1]");
            assertThat(result.get("child").asString()).isEqualTo("21");
            assertThat(result.get("as_variable").asBoolean()).isFalse();
            assertThat(keeper.everything()).doesNotContain("token-at-a-descriptor");
        }
    }

    @Test
    void what_cannot_be_a_variable_stops_the_worker_and_says_so() {
        for (byte[] value : List.of(
                "with\0nul".getBytes(StandardCharsets.UTF_8),
                new byte[] {(byte) 0xff, (byte) 0xfe, 1, 2},
                "x".repeat(128 << 10).getBytes(StandardCharsets.UTF_8))) {
            keeper.deposit("v", "BAD", value);
            FakeKeeper.Queue queue = serve("return 1", "v");
            try (RunningRunner runner = start()) {
                keeper.awaitState(queue, "degraded");
                assertThat(keeper.detail(queue)).contains("'BAD' of vault 'v'").contains("give it as a file");
            }
            keeper.close();
            keeper = new FakeKeeper();
        }
    }

    @Test
    void a_reserved_name_is_refused_here_too() {
        keeper.deposit("v", "LD_PRELOAD", "/tmp/evil.so");
        FakeKeeper.Queue queue = serve("return 1", "v");
        try (RunningRunner runner = start()) {
            keeper.awaitState(queue, "degraded");
            assertThat(keeper.detail(queue)).contains("LD_PRELOAD").contains("use another name");
            assertThat(runner.log("work")).doesNotContain("evil.so");
        }
    }

    @Test
    void a_secret_that_is_not_there_is_named() {
        program("return 1");
        FakeKeeper.Queue queue = keeper.serve(
                "work",
                RunningRunner.deployment(
                        "dir:" + folder + "/code",
                        "python main.py",
                        Deployment.Mode.LONG_RUNNING,
                        List.of(),
                        List.of(RunningRunner.secret("v", "gone", Deployment.As.ENV, "GONE"))));
        try (RunningRunner runner = start()) {
            keeper.awaitState(queue, "degraded");
            assertThat(keeper.detail(queue)).contains("vault 'v' has no 'gone'");
        }
    }

    @Test
    void a_worker_has_default_signals_no_core_dumps_and_the_usual_limit_of_files() {
        FakeKeeper.Queue queue = serve("""
                import resource
                status = dict(l.split(":\\t") for l in open("/proc/self/status").read().splitlines() if ":\\t" in l)
                return [status["SigBlk"], resource.getrlimit(resource.RLIMIT_CORE),
                        resource.getrlimit(resource.RLIMIT_NOFILE)[0], os.getsid(0) == os.getpid()]""");
        try (RunningRunner runner = start()) {
            assertThat(String.valueOf(run(queue, "{}").result())).isEqualTo("[\"0000000000000000\",[0,0],1024,true]");
        }
    }

    private static String hex(KeeperApi.TaskResult result, String name) {
        var node = java.util.Objects.requireNonNull(result.result());
        String hex = new StringBuilder(node.get(name).asString()).reverse().toString(); // as it is it would be masked
        return new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_8);
    }
}
