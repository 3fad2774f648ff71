package dev.nightsafe.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.keys.KeyFile;
import dev.nightsafe.core.signing.Digests;
import dev.nightsafe.protocol.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What becomes of an installation whose master key is missing, malformed, wrong or rotated; and reading a value back. */
class MasterKeyTest {
    private static final Playground PLAY = new Playground();
    private static final String VALUE = "kept-value-0001";
    private static final String VAULTS = Playground.DEFAULT + "/vaults";

    private static String fingerprint = "";
    private static Path ring = Path.of("");
    private static String good = "";

    @BeforeAll
    static void use_vaults_once_with_the_right_key() throws IOException {
        fingerprint = PLAY.program("fingerprint");
        PLAY.up(List.of(fingerprint));
        ring = PLAY.nightsafe.home.resolve("master.keys");
        good = Files.readString(ring);
        PLAY.set("kept", "TOKEN", VALUE);
        PLAY.apply("plain", fingerprint, "python main.py", "[]", "");
        requireOpens();
    }

    @AfterEach
    void bring_the_right_key_back() {
        PLAY.nightsafe.run("down");
        write(good);
    }

    @AfterAll
    static void stop() {
        PLAY.close();
    }

    @Test
    void I7_without_its_master_key_everything_starts_but_vaults_and_no_new_one_is_made() throws IOException {
        PLAY.nightsafe.run("down");
        Files.delete(ring);
        Installation.Outcome up = PLAY.nightsafe.run("up");
        assertThat(up.stderr())
                .contains("warning: vaults are disabled, the rest works: " + ring + " does not exist")
                .contains("bring that master key back from its backup");
        assertThat(ring).doesNotExist();
        requireVaultsNotConfigured(ring + " does not exist");
    }

    @Test
    void I7_a_malformed_master_key_disables_vaults_and_is_not_repeated() {
        PLAY.nightsafe.run("down");
        String malformed = good.strip().substring(0, good.strip().length() - 3);
        write(malformed + "\n");
        Installation.Outcome up = PLAY.nightsafe.run("up");
        assertThat(up.stderr())
                .contains("warning: vaults are disabled, the rest works: " + ring + ", line 1: ")
                .contains("base64 of exactly 32 bytes")
                .contains("bring that master key back from its backup");
        requireVaultsNotConfigured("base64 of exactly 32 bytes");
        assertThat(PLAY.logs()
                        + up.stderr()
                        + PLAY.nightsafe.run("audit", "tail").text())
                .doesNotContain(malformed.substring(2, 20));
    }

    @Test
    void I7_a_wrong_master_key_stops_the_start_with_the_reason_and_leaves_nothing_running() throws IOException {
        PLAY.nightsafe.run("down");
        byte[] wrong = new byte[32];
        new SecureRandom().nextBytes(wrong);
        String version = good.substring(0, good.indexOf(' '));
        write(version + " " + Base64.getEncoder().encodeToString(wrong) + "\n");
        Installation.Outcome up = PLAY.nightsafe.attempt(new byte[0], "up");
        assertThat(up.exitCode()).isEqualTo(1);
        assertThat(up.stderr())
                .contains("the keeper ended while starting (exit code 2)")
                .contains("the master key is not the one that keys.db was made with (version " + version + ")")
                .contains("bring back the right key");
        assertThat(partsThatRun()).isEmpty();
        write(good);
        assertThat(PLAY.nightsafe.run("up").stderr()).doesNotContain("vaults are disabled");
        assertThat(partsThatRun()).anyMatch(command -> command.contains("nightsafe-keeper.jar"));
        requireOpens();
    }

    @Test
    void after_a_rotation_the_old_version_can_be_taken_out_and_everything_still_opens() throws IOException {
        start();
        int before = version(good);
        JsonNode rotated = PLAY.nightsafe.json("keys", "rotate");
        assertThat(rotated.get("currentVersion").asInt()).isEqualTo(before + 1);
        assertThat(rotated.get("rewrapped").asInt()).isPositive();
        assertThat(Files.readString(ring)).startsWith(good);
        requireOpens();

        PLAY.nightsafe.run("down");
        String old = good;
        good = Files.readString(ring).substring(good.length());
        assertThat(version(good)).isEqualTo(before + 1);
        write(old);
        Installation.Outcome up = PLAY.nightsafe.attempt(new byte[0], "up");
        assertThat(up.exitCode()).isEqualTo(1);
        assertThat(up.stderr()).contains("no master key of version " + (before + 1));

        write(good);
        assertThat(PLAY.nightsafe.run("up").stderr()).doesNotContain("vaults are disabled");
        assertThat(PLAY.nightsafe.run("keys", "status").text()).contains("enabled");
        requireOpens();
    }

    @Test
    void get_gives_the_exact_bytes_and_records_each_reading() {
        start();
        byte[] value = new byte[513];
        for (int i = 0; i < value.length; i++) {
            value[i] = (byte) i;
        }
        value[512] = '\n';
        PLAY.set("kept", "all.bytes", value);
        long before = readings("all.bytes");
        Installation.Outcome read = PLAY.nightsafe.attempt(new byte[0], "vault", "get", "kept", "all.bytes", "--yes");
        assertThat(read.exitCode()).as(read.stderr()).isZero();
        assertThat(read.stdout()).isEqualTo(value);
        assertThat(readings("all.bytes")).isEqualTo(before + 1);
    }

    @Test
    void get_asks_first_and_without_a_yes_reads_and_records_nothing() {
        start();
        PLAY.set("kept", "asked.for", "asked-value\n");
        Installation.Outcome nobody = PLAY.nightsafe.attempt(new byte[0], "vault", "get", "kept", "asked.for");
        assertThat(nobody.exitCode()).isEqualTo(2);
        assertThat(nobody.stderr()).contains("--yes");
        assertThat(nobody.stdout()).isEmpty();
        assertThat(readings("asked.for")).isZero();

        Installation.Outcome no = getAtATerminal("asked.for", "n\n");
        assertThat(no.exitCode()).isEqualTo(1);
        assertThat(no.text()).contains("nothing was read").doesNotContain("asked-value");
        assertThat(readings("asked.for")).isZero();

        Installation.Outcome yes = getAtATerminal("asked.for", "y\n");
        assertThat(yes.exitCode()).as(yes.text()).isZero();
        assertThat(yes.text())
                .contains("Write the value of kept/asked.for to standard output? [y/N]")
                .contains("asked-value");
        assertThat(readings("asked.for")).isEqualTo(1);
    }

    /** Vaults answer that they aren't configured, tasks without secrets run, one with secrets waits until the key is back. */
    private static void requireVaultsNotConfigured(String why) {
        for (String path : List.of(VAULTS, VAULTS + "/kept", VAULTS + "/kept/secrets/TOKEN/lock")) {
            assertThat(PLAY.get(path).problem(503, "vaults-not-configured"))
                    .startsWith("vaults not configured: ")
                    .contains(why);
        }
        PLAY.call("POST", VAULTS, Map.of("name", "another")).problem(503, "vaults-not-configured");
        PLAY.call("DELETE", VAULTS + "/kept?force=true", new byte[0]).problem(503, "vaults-not-configured");
        for (String command : List.of("vault list", "vault get kept TOKEN --yes")) {
            Installation.Outcome refused = PLAY.nightsafe.attempt(new byte[0], command.split(" ", -1));
            assertThat(refused.exitCode()).as(command).isEqualTo(6);
            assertThat(refused.stdout()).isEmpty();
            assertThat(refused.stderr())
                    .contains("error: vaults not configured: ", why)
                    .contains("hint: ", "from its backup");
        }
        Installation.Outcome status = PLAY.nightsafe.attempt(new byte[0], "status");
        assertThat(status.exitCode()).isEqualTo(6);
        assertThat(status.text()).contains("not configured").contains(why);
        assertThat(PLAY.ended(PLAY.submit("plain", Map.of("variables", List.of("PATH"))))
                        .get("state")
                        .asString())
                .isEqualTo("succeeded");

        String waiting = PLAY.submit("kept", Map.of("variables", List.of("TOKEN")));
        PLAY.waiting(waiting, "vaults not configured");
        PLAY.nightsafe.run("down");
        write(good);
        PLAY.nightsafe.run("up");
        assertThat(PLAY.ended(waiting).get("result").get("TOKEN").asString()).isEqualTo(Digests.sha256Hex(VALUE));
    }

    private static void start() {
        Installation.Outcome up = PLAY.nightsafe.attempt(new byte[0], "up");
        assertThat(up.exitCode()).as(up.stderr()).isIn(0, 5); // 5: it is up already
    }

    /** A worker that is started now gets the value, and it can be read back. */
    private static void requireOpens() {
        PLAY.apply("kept", fingerprint, "python main.py", "[kept]", "");
        JsonNode task = PLAY.ended(PLAY.submit("kept", Map.of("variables", List.of("TOKEN"))));
        assertThat(task.get("state").asString()).as(task.toString()).isEqualTo("succeeded");
        assertThat(task.get("result").get("TOKEN").asString()).isEqualTo(Digests.sha256Hex(VALUE));
        assertThat(PLAY.nightsafe.run("vault", "get", "kept", "TOKEN", "--yes").text())
                .isEqualTo(VALUE);
    }

    private static void write(String keys) {
        KeyFile.write(ring, keys.getBytes(StandardCharsets.UTF_8));
    }

    private static int version(String line) {
        return Integer.parseInt(line.substring(0, line.indexOf(' ')));
    }

    /** How many readings of a key the keeper's chain has. */
    private static long readings(String key) {
        long found = 0;
        for (JsonNode event :
                Json.readTree(PLAY.audit().getBytes(StandardCharsets.UTF_8)).get("items")) {
            boolean reading = event.get("action").asString().equals("local.get");
            found += reading && event.get("object").asString().endsWith("/" + key) ? 1 : 0;
        }
        return found;
    }

    private static Installation.Outcome getAtATerminal(String key, String answer) {
        String program = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";
        String command = Installation.SOURCE.resolve("nightsafe").toString();
        return PLAY.nightsafe.attempt(
                answer.getBytes(StandardCharsets.UTF_8),
                List.of("python3", "-c", program, command, "vault", "get", "kept", key));
    }

    /** The command lines of processes that have this data folder. */
    private static List<String> partsThatRun() throws IOException {
        String home = "NIGHTSAFE_HOME=" + PLAY.nightsafe.home;
        List<String> found = new ArrayList<>();
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            for (Path process : processes
                    .filter(path -> path.getFileName().toString().matches("[0-9]+"))
                    .toList()) {
                if (read(process.resolve("environ")).contains(home)) {
                    found.add(read(process.resolve("cmdline")).replace('\0', ' '));
                }
            }
        }
        return found;
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ""; // it has ended, or is another user's
        }
    }
}
