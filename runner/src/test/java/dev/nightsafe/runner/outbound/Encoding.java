package dev.nightsafe.runner.outbound;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;

/** What programs make of a value, written independently of what undoes it. */
enum Encoding {
    AS_IT_IS {
        @Override
        byte[] encode(byte[] value, Random random) {
            return value.clone();
        }
    },
    UPPER_CASE {
        @Override
        byte[] encode(byte[] value, Random random) {
            return each(value, (b, out) -> out.write(b >= 'a' && b <= 'z' ? b - 32 : b));
        }
    },
    CARRIAGE_RETURN_AND_LINE_FEED {
        @Override
        byte[] encode(byte[] value, Random random) {
            return each(value, (b, out) -> out.writeBytes(b == '\n' ? bytes("\r\n") : new byte[] {(byte) b}));
        }
    },
    CARRIAGE_RETURN {
        @Override
        byte[] encode(byte[] value, Random random) {
            return each(value, (b, out) -> out.write(b == '\n' ? '\r' : b));
        }
    },
    WRAPPED_AND_INDENTED {
        @Override
        byte[] encode(byte[] value, Random random) {
            return wrap(value, 1 + random.nextInt(80), "\n    ");
        }
    },
    JSON {
        @Override
        byte[] encode(byte[] value, Random random) {
            return Escapes.json(value, random);
        }
    },
    JSON_IN_JSON {
        @Override
        byte[] encode(byte[] value, Random random) {
            return Escapes.json(Escapes.json(value, random), random);
        }
    },
    JSON_FOUR_TIMES {
        @Override
        byte[] encode(byte[] value, Random random) {
            byte[] twice = JSON_IN_JSON.encode(value, random);
            return Escapes.quoted(Escapes.quoted(twice));
        }
    },
    PYTHON_BYTES {
        @Override
        byte[] encode(byte[] value, Random random) {
            return Escapes.octets(value, "\\x%02x");
        }
    },
    PYTHON_ASCII {
        @Override
        byte[] encode(byte[] value, Random random) {
            return Escapes.pythonAscii(value);
        }
    },
    OCTAL {
        @Override
        byte[] encode(byte[] value, Random random) {
            return Escapes.octets(value, "\\%03o");
        }
    },
    JAVASCRIPT_CODE_POINTS {
        @Override
        byte[] encode(byte[] value, Random random) {
            return Escapes.codePoints(value, random, "\\u{%x}");
        }
    },
    SHELL_BACKSLASHES {
        @Override
        byte[] encode(byte[] value, Random random) {
            return each(value, (b, out) -> {
                if (b < 0x80 && !Character.isLetterOrDigit(b) && b != '\n') {
                    out.write('\\');
                }
                out.write(b);
            });
        }
    },
    SHELL_QUOTES {
        @Override
        byte[] encode(byte[] value, Random random) {
            String quote = random.nextBoolean() ? "'\\''" : "'\"'\"'";
            return each(value, (b, out) -> out.writeBytes(b == '\'' ? bytes(quote) : new byte[] {(byte) b}));
        }
    },
    SHELL_DOLLAR {
        @Override
        byte[] encode(byte[] value, Random random) {
            return Escapes.octets(value, random.nextBoolean() ? "\\%03o" : "\\x%02X");
        }
    },
    PERCENT {
        @Override
        byte[] encode(byte[] value, Random random) {
            return Escapes.percent(value, random, false);
        }
    },
    FORM {
        @Override
        byte[] encode(byte[] value, Random random) {
            return Escapes.percent(value, random, true);
        }
    },
    HTML {
        @Override
        byte[] encode(byte[] value, Random random) {
            return Escapes.html(value, random);
        }
    },
    HTML_IN_JSON {
        @Override
        byte[] encode(byte[] value, Random random) {
            return Escapes.json(Escapes.html(value, random), random);
        }
    },
    HEX {
        @Override
        byte[] encode(byte[] value, Random random) {
            String format = random.nextBoolean() ? "%02x" : "%02X";
            String between = new String[] {"", ":", " "}[random.nextInt(3)];
            return each(value, (b, out) -> {
                out.writeBytes(bytes(String.format(format, b)));
                out.writeBytes(bytes(between));
            });
        }
    },
    BASE_64 {
        @Override
        byte[] encode(byte[] value, Random random) {
            return base64(value, random, 0, 0);
        }
    },
    BASE_64_SHIFTED_1 {
        @Override
        byte[] encode(byte[] value, Random random) {
            return base64(value, random, 1 + 3 * random.nextInt(20), random.nextInt(20));
        }
    },
    BASE_64_SHIFTED_2 {
        @Override
        byte[] encode(byte[] value, Random random) {
            return base64(value, random, 2 + 3 * random.nextInt(20), random.nextInt(20));
        }
    },
    BASE_64_IN_JSON {
        @Override
        byte[] encode(byte[] value, Random random) {
            return Escapes.json(base64(value, random, 0, 0), random);
        }
    },
    BASE_64_IN_A_URL {
        @Override
        byte[] encode(byte[] value, Random random) {
            return Escapes.percent(base64(value, random, 0, 0), random, false);
        }
    },
    BASE_32 {
        @Override
        byte[] encode(byte[] value, Random random) {
            return wrap(Escapes.base32(around(value, random, random.nextInt(20), random.nextInt(5))), 64, "\n");
        }
    };

    abstract byte[] encode(byte[] value, Random random);

    /** Takes one byte, 0 to 255. */
    interface Each {
        void encode(int b, ByteArrayOutputStream out);
    }

    static byte[] each(byte[] value, Each each) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte b : value) {
            each.encode(b & 0xff, out);
        }
        return out.toByteArray();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] wrap(byte[] text, int width, String lineEnd) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < text.length; at += width) {
            out.writeBytes(at == 0 ? new byte[0] : bytes(lineEnd));
            out.write(text, at, Math.min(width, text.length - at));
        }
        return out.toByteArray();
    }

    private static byte[] base64(byte[] value, Random random, int before, int after) {
        Base64.Encoder encoder = random.nextBoolean() ? Base64.getEncoder() : Base64.getUrlEncoder();
        byte[] text = (random.nextBoolean() ? encoder : encoder.withoutPadding())
                .encode(around(value, random, before, after));
        return switch (random.nextInt(4)) {
            case 0 -> wrap(text, 64, "\n");
            case 1 -> wrap(text, 76, "\r\n");
            case 2 -> wrap(text, 5, "\r");
            default -> text;
        };
    }

    static byte[] around(byte[] value, Random random, int before, int after) {
        byte[] all = new byte[before + value.length + after];
        random.nextBytes(all);
        System.arraycopy(value, 0, all, before, value.length);
        return all;
    }
}
