package dev.nightsafe.runner.outbound;

/** HTML's and XML's character references: by number, and the names of markup and of Latin-1. */
final class Entities {
    private static final int LATIN = 0xa0;
    private static final String[] MARKUP = {"amp", "lt", "gt", "quot", "apos", "NewLine", "Tab"};
    private static final int[] MEANT = {'&', '<', '>', '"', '\'', '\n', '\t'};

    /** From U+00A0 on. */
    private static final String[] NAMES = """
            nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute
            micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring
            AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml
            times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil
            egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash
            ugrave uacute ucirc uuml yacute thorn yuml""".split("\\s", -1);

    private Entities() {}

    /** As {@link Escape#undo}. */
    static int undo(byte[] in, int at, int to, Unescaped out) {
        if (at + 1 < to && in[at + 1] == '#') {
            return number(in, at, to, out);
        }
        for (int i = 0; i < MARKUP.length; i++) {
            if (stands(MARKUP[i], in, at, to)) {
                out.add(MEANT[i]);
                return MARKUP[i].length() + 2;
            }
        }
        for (int i = 0; i < NAMES.length; i++) {
            if (stands(NAMES[i], in, at, to)) {
                out.addCodePoint(LATIN + i);
                return NAMES[i].length() + 2;
            }
        }
        return 0;
    }

    private static boolean stands(String name, byte[] in, int at, int to) {
        int end = at + 1 + name.length();
        return end < to && in[end] == ';' && Escape.stands(name, in, at + 1, to);
    }

    private static int number(byte[] in, int at, int to, Unescaped out) {
        boolean hex = at + 2 < to && (in[at + 2] | 0x20) == 'x';
        int from = at + (hex ? 3 : 2);
        int end = Digits.endOf(in, from, to, hex ? 16 : 10);
        int value = Digits.number(in, from, end, to, hex ? 16 : 10);
        if (value < 0) {
            return 0;
        }
        out.addCodePoint(value);
        return (end < to && in[end] == ';' ? end + 1 : end) - at;
    }
}
