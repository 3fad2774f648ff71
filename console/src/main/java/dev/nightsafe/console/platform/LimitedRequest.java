package dev.nightsafe.console.platform;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.time.Duration;

/** A request whose body breaks off with an error where it exceeds the limit, or takes too long. */
final class LimitedRequest extends HttpServletRequestWrapper {
    private final int limit;
    private final Duration longest;

    LimitedRequest(HttpServletRequest request, int limit, Duration longest) {
        super(request);
        this.limit = limit;
        this.longest = longest;
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        return new Limited(super.getInputStream(), limit, longest);
    }

    private static final class Limited extends ServletInputStream {
        private final ServletInputStream in;
        private final int limit;
        private final long until;
        private long read;

        Limited(ServletInputStream in, int limit, Duration longest) {
            this.in = in;
            this.limit = limit;
            this.until = System.nanoTime() + longest.toNanos();
        }

        @Override
        public int read() throws IOException {
            int next = in.read();
            count(next < 0 ? 0 : 1);
            return next;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = in.read(buffer, offset, length);
            count(Math.max(0, count));
            return count;
        }

        private void count(int bytes) {
            read += bytes;
            if (read > limit) {
                throw BodyLimitFilter.tooLarge(limit);
            }
            if (System.nanoTime() - until > 0) {
                throw BodyLimitFilter.tooSlow();
            }
        }

        @Override
        public boolean isFinished() {
            return in.isFinished();
        }

        @Override
        public boolean isReady() {
            return in.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            in.setReadListener(listener);
        }
    }
}
