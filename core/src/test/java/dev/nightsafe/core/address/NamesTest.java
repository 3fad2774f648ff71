package dev.nightsafe.core.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nightsafe.core.Seeds;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NamesTest {
    private static final String LETTERS = "abcxyzABCXYZ0129";

    @Test
    void a_name_has_one_form_and_is_answered_as_it_was_given() {
        Seeds.forEach(2_000, random -> {
            String name = word(random, LETTERS, LETTERS + "_-", 64);
            assertThat(Names.requireName("vault", name)).isEqualTo(name);
            assertThat(Names.isName(name)).isTrue();
        });
    }

    @Test
    void any_other_character_makes_a_name_and_a_key_invalid() {
        Seeds.forEach(2_000, random -> {
            String name = word(random, LETTERS, LETTERS + "_-", 60);
            int other = random.nextInt(random.nextBoolean() ? 0x80 : 0x11_0000);
            if (isOther(other, "_-")) {
                assertThat(codeOf(() -> Names.requireName("vault", inserted(name, other, random))))
                        .isEqualTo(ProblemCode.INVALID_NAME);
            }
            if (isOther(other, "._-")) {
                assertThat(codeOf(() -> Names.requireKey(inserted("K" + name, other, random))))
                        .isEqualTo(ProblemCode.INVALID_NAME);
            }
        });
    }

    @Test
    void look_alikes_and_hidden_characters_are_refused() {
        for (String name : List.of(
                "p\u0430yments",
                "\u0391PI",
                "api\u200bkeys",
                "api\u00adkeys",
                "\ufeffapi",
                "\uff41pi",
                "api\u2010keys",
                "\u0131d",
                "\u212aeys",
                "k\u0301",
                "api\n",
                "api\r",
                "\u0661")) {
            assertThat(codeOf(() -> Names.requireName("vault", name))).isEqualTo(ProblemCode.INVALID_NAME);
            assertThat(codeOf(() -> Names.requireKey(name))).isEqualTo(ProblemCode.INVALID_NAME);
            assertThat(codeOf(() -> Names.requireVariable(name))).isEqualTo(ProblemCode.INVALID_NAME);
        }
    }

    @Test
    void names_that_could_be_paths_options_or_nothing_are_refused() {
        for (String name : List.of(
                "",
                ".",
                "..",
                "a/b",
                "a\\b",
                "-a",
                "_a",
                "a b",
                " a",
                "a ",
                "a\0",
                "a.b",
                "a@1",
                "*",
                "a".repeat(65))) {
            assertThat(codeOf(() -> Names.requireName("queue", name))).isEqualTo(ProblemCode.INVALID_NAME);
        }
        for (String key : List.of("", ".env", "-a", "1a", "a/b", "a b", "a=b", "a\0", "a@1", "a".repeat(129))) {
            assertThat(codeOf(() -> Names.requireKey(key))).isEqualTo(ProblemCode.INVALID_NAME);
        }
        for (String variable : List.of("", "a.b", "a-b", "1a", "a=b", "a".repeat(129))) {
            assertThat(codeOf(() -> Names.requireVariable(variable))).isEqualTo(ProblemCode.INVALID_NAME);
        }
    }

    @Test
    void folding_makes_names_equal_that_differ_only_in_case_and_no_others() {
        Seeds.forEach(2_000, random -> {
            String name = word(random, LETTERS, LETTERS + "_-", 64);
            String other = word(random, LETTERS, LETTERS + "_-", 3);
            String recased = recased(name, random);
            assertThat(Names.folded(recased)).isEqualTo(Names.folded(name));
            assertThat(Names.folded(Names.folded(name))).isEqualTo(Names.folded(name));
            assertThat(Names.folded(name).equals(Names.folded(other))).isEqualTo(name.equalsIgnoreCase(other));
        });
    }

    @Test
    void folding_does_not_depend_on_the_machines_language() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr"));
            assertThat(Names.folded("API")).isEqualTo("api");
            assertThat(Names.isReserved("git_config")).isTrue();
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void reserved_names_are_refused_in_any_case() {
        List<String> reserved = List.of(
                "PATH",
                "HOME",
                "USER",
                "SHELL",
                "PWD",
                "TMPDIR",
                "VIRTUAL_ENV",
                "LD_PRELOAD",
                "LD_LIBRARY_PATH",
                "DYLD_INSERT_LIBRARIES",
                "PYTHONPATH",
                "PYTHONHOME",
                "PYTHONSTARTUP",
                "GIT_SSH_COMMAND",
                "GIT_DIR",
                "BASH_ENV",
                "ENV",
                "IFS",
                "HTTP_PROXY",
                "https_proxy",
                "NO_PROXY",
                "SSL_CERT_FILE",
                "NODE_OPTIONS",
                "JAVA_TOOL_OPTIONS",
                "_JAVA_OPTIONS",
                "JDK_JAVA_OPTIONS",
                "SSLKEYLOGFILE",
                "OPENSSL_CONF",
                "OPENSSL_MODULES",
                "NODE_PATH",
                "PERL5DB",
                "RUBYOPT",
                "LUA_INIT_5_4",
                "ERL_FLAGS",
                "XDG_CONFIG_HOME",
                "DOTNET_STARTUP_HOOKS",
                "CORECLR_PROFILER_PATH",
                "NPM_CONFIG_REGISTRY",
                "SOCKS_PROXY",
                "R_PROFILE_USER",
                "PHPRC",
                "GODEBUG",
                "PIP_INDEX_URL",
                "UV_INDEX",
                "LC_ALL",
                "NIGHTSAFE_MASTER_KEY");
        Seeds.forEach(500, random -> {
            String name = recased(reserved.get(random.nextInt(reserved.size())), random);
            assertThat(Names.isReserved(name)).isTrue();
            assertThat(codeOf(() -> Names.requireKey(name))).isEqualTo(ProblemCode.RESERVED_NAME);
            assertThat(codeOf(() -> Names.requireVariable(name))).isEqualTo(ProblemCode.RESERVED_NAME);
        });
    }

    @Test
    void usual_keys_are_taken() {
        for (String key : List.of(
                "OPENAI_API_KEY",
                "DB_PASSWORD",
                "key.pem",
                "tls-cert",
                "_",
                "a",
                "HOMEPAGE",
                "USERNAME",
                "PATHS",
                "OPENAI_BASE_URL",
                "KUBECONFIG",
                "NODE_ENV",
                "NPM_TOKEN")) {
            assertThatCode(() -> Names.requireKey(key)).doesNotThrowAnyException();
        }
        assertThat(Names.isVariable("OPENAI_API_KEY")).isTrue();
        assertThat(Names.isVariable("key.pem")).isFalse();
    }

    private static boolean isOther(int codePoint, String taken) {
        return codePoint >= 0x80 || (taken.indexOf(codePoint) < 0 && !Character.isLetterOrDigit(codePoint));
    }

    private static ProblemCode codeOf(Runnable check) {
        return catchThrowableOfType(NightsafeException.class, check::run).code();
    }

    private static String inserted(String text, int codePoint, Random random) {
        int at = random.nextInt(text.length() + 1);
        return text.substring(0, at) + Character.toString(codePoint) + text.substring(at);
    }

    private static String recased(String text, Random random) {
        StringBuilder out = new StringBuilder();
        text.chars()
                .forEach(c -> out.append(
                        random.nextBoolean() ? Character.toUpperCase((char) c) : Character.toLowerCase((char) c)));
        return out.toString();
    }

    private static String word(Random random, String first, String then, int most) {
        StringBuilder word = new StringBuilder().append(first.charAt(random.nextInt(first.length())));
        int length = random.nextInt(most);
        for (int i = 0; i < length; i++) {
            word.append(then.charAt(random.nextInt(then.length())));
        }
        return word.toString();
    }
}
