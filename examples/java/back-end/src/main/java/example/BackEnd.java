package example;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestClient;

/** The back end of a small site: it enters its user, and hands the user's page tokens. The caller key stays here. */
@SpringBootApplication
@RestController
public class BackEnd {
  private static final Logger LOG = LoggerFactory.getLogger(BackEnd.class);
  private static final ParameterizedTypeReference<Map<String, Object>> MEMBERS = new ParameterizedTypeReference<>() {};
  private final RestClient api;
  private final Map<String, Object> user; // a real site takes the user from its own session, never from the page's request

  BackEnd(@Value("${API:http://127.0.0.1:3000}") String url, @Value("${CALLER_KEY}") String key, @Value("${USER_ID:10010001}") String userId) {
    var http = new JdkClientHttpRequestFactory(HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build());
    http.setReadTimeout(Duration.ofSeconds(10));
    api = RestClient.builder().requestFactory(http).baseUrl(url).defaultHeader("Authorization", "Bearer " + key).build();
    user = Map.of("userId", userId, "userName", "Tom", "tenantSpaceId", "202007159031");
  }

  @PostMapping("/sign-in")
  ResponseEntity<?> signIn() {
    return forPage(HttpMethod.PUT, "/users", Map.of("status", "active"), "userId", "userName");
  }

  @PostMapping("/enterprise-token")
  ResponseEntity<?> enterpriseToken() {
    return forPage(HttpMethod.POST, "/enterprise-tokens", Map.of(), "thirdUserData", "expiresIn");
  }

  @PostMapping("/access-token")
  ResponseEntity<?> accessToken() {
    var scopes = Map.of("scopes", List.of("chat-token:issue", "chat:relay"));
    return forPage(HttpMethod.POST, "/access-tokens", scopes, "accessToken", "expiresIn");
  }

  /** Makes the call, and hands on the members of its answer that a page needs. */
  private ResponseEntity<?> forPage(HttpMethod method, String path, Map<String, ?> more, String... members) {
    var body = new HashMap<>(user);
    body.putAll(more);
    try {
      return api.method(method).uri(path).body(body).exchange((request, answer) -> {
        int status = answer.getStatusCode().value();
        boolean isJson = MediaType.APPLICATION_JSON.isCompatibleWith(answer.getHeaders().getContentType());
        Map<String, Object> said = isJson ? answer.bodyTo(MEMBERS) : Map.of(); // else of something before the API
        if (status == 200 || status == 201) {
          var kept = new LinkedHashMap<String, Object>();
          for (var member : members) kept.put(member, said.get(member));
          return reply(200, kept, null);
        }
        var headers = answer.getHeaders();
        LOG.error("{}: {} {} {}", path, status, said.get("code"), headers.getFirst("x-request-id")); // never the key, never a body
        if (status == 429) return reply(429, Map.of("message", "too many calls"), Objects.requireNonNullElse(headers.getFirst("retry-after"), "1")); // the page waits so many seconds
        if (status >= 500) return reply(503, Map.of("message", "no tokens now"), "5"); // the page tries again then; x-request-id is what to quote
        return reply(500, Map.of("message", "refused"), null); // 401: the key is wrong or has ended. Trying again does not help: an operator reads the log
      });
    } catch (RestClientException failure) { // no connection, or no answer in time
      LOG.error("{}: {}", path, failure.getClass().getSimpleName());
      return reply(503, Map.of("message", "no tokens now"), "5");
    }
  }

  private static ResponseEntity<Map<String, ?>> reply(int status, Map<String, ?> body, String retryAfter) {
    var answer = ResponseEntity.status(status).cacheControl(CacheControl.noStore());
    if (retryAfter != null) answer.header("Retry-After", retryAfter);
    return answer.body(body);
  }

  public static void main(String[] arguments) {
    SpringApplication.run(BackEnd.class, arguments);
  }
}
