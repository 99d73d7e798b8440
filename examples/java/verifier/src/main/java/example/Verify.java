package example;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Set;

/**
 * Verifies enterprise tokens by the published keys, one token a line: java -jar verifier.jar &lt;tenantSpaceId&gt; &lt; tokens
 *
 * <p>A public key cannot see that a token or its user has been revoked or disabled meanwhile: whoever must know that asks the
 * route chatThirdPartyValidate, as CEC does.
 */
public class Verify {
  private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

  Verify(String api, String issuer, String tenantSpaceId) throws MalformedURLException {
    // Keeps the keys for five minutes, as `cache-control` of the answer allows. An unknown `kid` asks again, twice in 30 s at most.
    var retriever = new DefaultResourceRetriever(3_000, 10_000, 50 * 1024); // its own 500 ms are too short for a cold start
    var keys = JWKSourceBuilder.create(URI.create(api + "/.well-known/jwks.json").toURL(), retriever).build();
    processor.setJWSKeySelector(new JWSVerificationKeySelector<>(JWSAlgorithm.ES256, keys));
    processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(new JOSEObjectType("cec-enterprise+jwt")));
    var audience = "urn:cec:" + tenantSpaceId; // a plain verifier expects another audience, and fails here
    var claims = new DefaultJWTClaimsVerifier<SecurityContext>(
        audience, new JWTClaimsSet.Builder().issuer(issuer).build(), Set.of("sub", "name", "jti", "iat", "exp"));
    claims.setMaxClockSkew(0); // a late clock must not lengthen a life
    processor.setJWTClaimsSetVerifier(claims);
  }

  /** The claims of a good token. Throws JOSEException when the keys cannot be fetched, and the other two for a bad token. */
  JWTClaimsSet verify(String token) throws ParseException, BadJOSEException, JOSEException {
    var signed = SignedJWT.parse(token);
    if (signed.getHeader().getKeyID() == null) throw new BadJOSEException("kid is missing");
    return processor.process(signed, null);
  }

  String verdict(String token) {
    try {
      var claims = verify(token);
      return "good: " + claims.getSubject() + " " + claims.getStringClaim("name");
    } catch (BadJOSEException | ParseException fault) {
      return "refused: " + fault.getMessage().replaceAll("\\p{Cntrl}", "?"); // it may repeat what a stranger has written
    } catch (JOSEException unavailable) {
      return "unchecked: the keys cannot be fetched";
    }
  }

  public static void main(String[] arguments) throws IOException {
    var environment = System.getenv();
    var verifier = new Verify(
        environment.getOrDefault("API", "http://127.0.0.1:3000"),
        environment.getOrDefault("ISSUER", "https://local.cec-token-bridge.invalid"),
        arguments[0]);
    var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).lines().map(String::strip).map(verifier::verdict).forEach(out::println);
  }
}
