package dev.nightsafe.core.queue;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a deployment's code comes from: {@code https://host/path}, {@code http://…}, {@code ssh://[user@]host/path},
 * {@code user@host:path}, {@code file:///path}, {@code /path}, or {@code dir:/path} for a folder on the runner's machine.
 *
 * <p>A release rule and a runner's allow list compare it as text, so only one spelling of a path is taken: no {@code ..},
 * no doubled slashes, no encoded dots. Nothing in it can become an option or a command of git or ssh.
 */
public final class GitUrl {
    private static final int LONGEST = 1024;
    private static final String HOST =
            "(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]+])(?::[0-9]{1,5})?";
    private static final String USER = "[A-Za-z0-9_][A-Za-z0-9._-]*";
    private static final Pattern WEB = Pattern.compile("https?://" + HOST + "/(?<path>.+)");
    private static final Pattern SSH = Pattern.compile("ssh://(?:" + USER + "@)?" + HOST + "/(?<path>.+)");
    private static final Pattern SCP =
            Pattern.compile(USER + "@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?:/?(?<path>[^/:].*)");
    private static final Pattern LOCAL = Pattern.compile("(?:file://|dir:)?/(?<path>.+)");
    private static final Pattern REMOTE_PATH = Pattern.compile("[A-Za-z0-9._~/+@:,=%-]+");
    private static final Pattern ENCODED_SEPARATOR = Pattern.compile("%(?![0-9A-Fa-f]{2})|%2[EeFf]|%5[Cc]|%[01]");
    private static final Pattern CREDENTIALS =
            Pattern.compile("(?:https?://[^/]*@|ssh://[^/@]*:[^/]*@|[^/@]*:[^/]*@).*");

    private GitUrl() {}

    /** Answers {@code url}, or throws {@code INVALID_QUEUE} with what to write instead; never repeats it. */
    public static String require(String url) {
        if (url.length() > LONGEST || !PlainText.isVisible(url)) {
            throw bad("write at most " + LONGEST + " characters, each of them visible");
        }
        if (CREDENTIALS.matcher(url).matches()) {
            throw bad("credentials don't belong here; deposit the token in a vault and write"
                    + " git_token: vault://<vault>/<key>");
        }
        if (url.startsWith("/") || url.startsWith("dir:") || url.startsWith("file:")) {
            requirePath(match(LOCAL, url));
        } else {
            String path = match(url.startsWith("http") ? WEB : url.startsWith("ssh:") ? SSH : SCP, url);
            if (!REMOTE_PATH.matcher(path).matches()
                    || ENCODED_SEPARATOR.matcher(path).find()) {
                throw bad("its path may have letters, digits and '._~/+@:,=-', but no '?', '#', spaces and %2e");
            }
            requirePath(path);
        }
        return url;
    }

    private static String match(Pattern form, String url) {
        Matcher matcher = form.matcher(url);
        if (!matcher.matches()) {
            throw bad("not a repository; write https://host/path, http://…, ssh://…, git@host:path, file:///path,"
                    + " /path or dir:/path");
        }
        return String.valueOf(matcher.group("path"));
    }

    private static void requirePath(String path) {
        String inner = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        for (String part : inner.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..") || part.startsWith("-")) {
                throw bad("write its path without '.', '..', '//' and parts that begin with '-'");
            }
        }
    }

    private static NightsafeException bad(String what) {
        return new NightsafeException(ProblemCode.INVALID_QUEUE, what);
    }
}
