package dev.nightsafe.core.queue;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Branches, and folders inside a repository. */
final class GitNames {
    private static final int LONGEST_BRANCH = 255;
    private static final int LONGEST_PATH = 1024;

    /** What git-check-ref-format(1) refuses, and a leading '-', which would be an option. */
    private static final Pattern NO_BRANCH =
            Pattern.compile("(?:^|/)[.]|[.]{2}|[ ~^:?*\\[\\\\]|@[{]|^@$|^-|^/|//|/$|[.]$|[.]lock(?:/|$)");

    private GitNames() {}

    /** Answers {@code branch}, or throws {@code INVALID_QUEUE}. */
    static String requireBranch(String branch) {
        if (branch.isEmpty()
                || branch.length() > LONGEST_BRANCH
                || !PlainText.isVisible(branch)
                || NO_BRANCH.matcher(branch).find()) {
            throw bad("not a branch; write its name as 'git branch' shows it, for example main");
        }
        return branch;
    }

    /** The path without '.', doubled and trailing slashes; {@code ""} for the root. Throws {@code INVALID_QUEUE}. */
    static String normalizedPath(String path) {
        if (path.length() > LONGEST_PATH || !PlainText.isVisible(path) || path.startsWith("/") || path.contains("\\")) {
            throw bad("not a folder of the repository; write it from the root with '/', for example services/api");
        }
        List<String> parts = new ArrayList<>();
        for (String part : path.split("/", -1)) {
            if (part.equals("..") || part.startsWith("-")) {
                throw bad("write a path inside the repository, without '..' and parts that begin with '-'");
            }
            if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return String.join("/", parts);
    }

    private static NightsafeException bad(String what) {
        return new NightsafeException(ProblemCode.INVALID_QUEUE, what);
    }
}
