package dev.nightsafe.runner.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that would rather not end. Without root there are no other users; then only the first promise is checked. */
@SuppressWarnings("NullAway.Init") // JUnit sets the field
class ReaperTest {
    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));
    private static final Path PYTHON = Path.of("/usr/bin/python3");

    @TempDir
    Path folder;

    @Test
    void a_user_without_processes_is_done_with_at_once() {
        UserIds ids = new UserIds(folder, 4_294_967_294L);
        int user = ids.fresh();
        assertThat(Reaper.processes(user)).isEmpty();
        assertThat(new Reaper(Path.of("/no/such/python")).end(user, user + 1)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // uses up its processes
                """
                import resource
                resource.setrlimit(resource.RLIMIT_NPROC, (6, 6))
                while fork(): pass
                """,
                // forks for ever, in sessions of their own
                """
                while True:
                    fork(os.setsid)
                    time.sleep(0.01)
                """,
                // ends its first thread only, so that it looks like one that has ended
                """
                import ctypes, threading
                threading.Thread(target=time.sleep, args=(987,)).start()
                say()
                ctypes.CDLL(None).pthread_exit(None)
                """,
                // has a name that is no text
                """
                import ctypes
                ctypes.CDLL(None).prctl(15, bytes([255, 254]), 0, 0, 0)
                """,
                // ends and stops whomever it can
                """
                import os, signal
                signal.signal(signal.SIGCONT, signal.SIG_IGN)
                say()
                while True:
                    for p in os.listdir("/proc"):
                        if p.isdigit() and int(p) not in (1, os.getpid()):
                            for s in (signal.SIGSTOP, signal.SIGKILL):
                                try: os.kill(int(p), s)
                                except OSError: pass
                """
            })
    void it_ends_whatever_a_user_does_against_it(String program) throws Exception {
        if (!ROOT) {
            return; // only root can be another user
        }
        UserIds ids = new UserIds(folder, 4_294_967_294L);
        int user = ids.fresh();
        Process process = start(user, program);
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).isEqualTo("ready");
            assertThat(Reaper.processes(user)).isNotEmpty();
            assertThat(new Reaper(PYTHON).end(user, user + 1)).isTrue();
            assertThat(Reaper.processes(user)).isEmpty();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void one_that_cannot_be_started_leaves_the_slower_way() throws Exception {
        if (!ROOT) {
            return; // only root can be another user
        }
        int user = new UserIds(folder, 4_294_967_294L).fresh();
        Process process = start(user, "fork()");
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).isEqualTo("ready");
            assertThat(new Reaper(Path.of("/no/such/python")).end(user, user + 1))
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
    }

    /** As this user, with {@code fork} and {@code say}; says that it is ready at the latest at its end, and stays. */
    private static Process start(int user, String program) throws Exception {
        String whole = """
                import os, sys, time
                said = []
                def say():
                    if not said:
                        said.append(1)
                        print("ready", flush=True)
                def fork(first=None):
                    try:
                        child = os.fork()
                    except OSError:
                        return 0
                    if child == 0:
                        if first: first()
                        time.sleep(987)
                        os._exit(0)
                    say()
                    return child
                """ + program + "\nsay()\ntime.sleep(987)\n";
        List<String> command = new ArrayList<>(List.of("setpriv", "--reuid=" + user, "--regid=" + user));
        command.addAll(List.of("--clear-groups", "--", PYTHON.toString(), "-I", "-c", whole));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
