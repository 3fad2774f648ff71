import io.helidon.webserver.WebServer;

/** The least that the keeper's server library can do for a request; prints its port. */
final class EmptyEndpoint {
    public static void main(String[] args) {
        WebServer server = WebServer.builder()
                .host("127.0.0.1")
                .port(0)
                .routing(routing -> routing.any((_, response) -> response.send()))
                .build()
                .start();
        System.out.println(server.port());
    }
}
