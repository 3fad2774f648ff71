package dev.nightsafe.keeper.platform;

import io.helidon.common.tls.Tls;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.KeyManagementException;
import java.security.SecureRandom;
import java.time.Duration;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/**
 * A TLS context whose server sockets have our parameters. Helidon 4.5 gives a listener without NIO a socket straight from
 * the context: neither its own {@code clientAuth} and {@code enabledProtocols} nor a read timeout reach it, so without
 * this anyone could connect to a listener that is meant for one certificate, or stay in the middle of a handshake.
 */
final class StrictTls {
    private StrictTls() {}

    /**
     * TLS 1.3 with this context.
     *
     * @param mutual whether a client must show a certificate
     * @param silence the longest pause between two reads, handshake included
     */
    static Tls of(SSLContext context, boolean mutual, Duration silence) {
        SSLParameters parameters = new SSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3"});
        parameters.setNeedClientAuth(mutual);
        SSLContext strict = new Strict(new Spi(context, parameters, (int) silence.toMillis()), context);
        // The parameters once more, for the way that Helidon does heed.
        return Tls.builder().sslContext(strict).sslParameters(parameters).build();
    }

    private static final class Strict extends SSLContext {
        private Strict(SSLContextSpi spi, SSLContext context) {
            super(spi, context.getProvider(), context.getProtocol());
        }
    }

    private static final class Spi extends SSLContextSpi {
        private final SSLContext context;
        private final SSLParameters parameters;
        private final int silenceMillis;

        private Spi(SSLContext context, SSLParameters parameters, int silenceMillis) {
            this.context = context;
            this.parameters = parameters;
            this.silenceMillis = silenceMillis;
        }

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            return new Sockets(context.getSocketFactory(), parameters, silenceMillis);
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            return context.createSSLEngine();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            return context.createSSLEngine(host, port);
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            return new NoServerSockets();
        }

        @Override
        protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random)
                throws KeyManagementException {
            throw new KeyManagementException("already initialized");
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            return context.getServerSessionContext();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            return context.getClientSessionContext();
        }
    }

    /** Helidon asks for it and doesn't use it; if it did, its sockets wouldn't be strict. */
    private static final class NoServerSockets extends SSLServerSocketFactory {
        @Override
        public ServerSocket createServerSocket(int port) {
            throw new UnsupportedOperationException("only accepted connections are made strict");
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog) {
            return createServerSocket(port);
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog, InetAddress address) {
            return createServerSocket(port);
        }

        @Override
        public String[] getDefaultCipherSuites() {
            return new String[0];
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return new String[0];
        }
    }

    private static final class Sockets extends SSLSocketFactory {
        private final SSLSocketFactory factory;
        private final SSLParameters parameters;
        private final int silenceMillis;

        private Sockets(SSLSocketFactory factory, SSLParameters parameters, int silenceMillis) {
            this.factory = factory;
            this.parameters = parameters;
            this.silenceMillis = silenceMillis;
        }

        /** The server's side of an accepted connection. */
        @Override
        public Socket createSocket(Socket accepted, InputStream consumed, boolean autoClose) throws IOException {
            accepted.setSoTimeout(silenceMillis);
            SSLSocket socket = (SSLSocket) factory.createSocket(accepted, consumed, autoClose);
            socket.setSSLParameters(parameters);
            return socket;
        }

        @Override
        public Socket createSocket(Socket connected, String host, int port, boolean autoClose) {
            throw notForClients();
        }

        @Override
        public Socket createSocket(String host, int port) {
            throw notForClients();
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
            throw notForClients();
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            throw notForClients();
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) {
            throw notForClients();
        }

        private static UnsupportedOperationException notForClients() {
            return new UnsupportedOperationException("this context is a server's");
        }

        @Override
        public String[] getDefaultCipherSuites() {
            return factory.getDefaultCipherSuites();
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return factory.getSupportedCipherSuites();
        }
    }
}
