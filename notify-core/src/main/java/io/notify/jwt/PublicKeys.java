package io.notify.jwt;

import com.auth0.jwt.algorithms.Algorithm;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.KeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads public keys for RS256 and ES256: RSA of at least 2048 bits (RFC 7518, section 3.3), or P-256. This is the only place
 * that decides which keys are acceptable.
 */
final class PublicKeys {
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]+)-----END PUBLIC KEY-----");
    private static final int MIN_RSA_BITS = 2048;
    private static final int MAX_RSA_BITS = 16_384;
    private static final String EXPECTED = " (expected: RSA of at least 2048 bits, or EC on P-256)";

    private PublicKeys() {}

    static PublicKey pem(String text) {
        Matcher pem = PEM.matcher(text.strip());
        if (!pem.matches()) {
            throw new IllegalArgumentException("JWT public key: not PEM (expected: -----BEGIN PUBLIC KEY-----)");
        }
        byte[] der;
        try {
            der = Base64.getMimeDecoder().decode(pem.group(1));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("JWT public key: not base64 between the PEM lines", e);
        }
        KeySpec spec = new X509EncodedKeySpec(der);
        try {
            return KeyFactory.getInstance("RSA").generatePublic(spec);
        } catch (GeneralSecurityException notRsa) {
            return make("EC", spec);
        }
    }

    static PublicKey rsa(BigInteger modulus, BigInteger exponent) {
        return make("RSA", new RSAPublicKeySpec(modulus, exponent));
    }

    static PublicKey p256(BigInteger x, BigInteger y) {
        return make("EC", new ECPublicKeySpec(new ECPoint(x, y), p256()));
    }

    private static PublicKey make(String type, KeySpec spec) {
        try {
            return KeyFactory.getInstance(type).generatePublic(spec);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("JWT public key: not readable" + EXPECTED, e);
        }
    }

    /** Returns the only algorithm that the key may verify. */
    static Algorithm algorithm(PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            int bits = rsa.getModulus().bitLength();
            if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
                throw new IllegalArgumentException("JWT public key: RSA of " + bits + " bits" + EXPECTED);
            }
            return Algorithm.RSA256(rsa, null);
        }
        if (key instanceof ECPublicKey ec && isP256(ec.getParams())) {
            return Algorithm.ECDSA256(ec, null);
        }
        throw new IllegalArgumentException("JWT public key: " + key.getAlgorithm() + EXPECTED);
    }

    private static boolean isP256(ECParameterSpec curve) {
        ECParameterSpec p256 = p256();
        return curve.getCurve().equals(p256.getCurve())
                && curve.getGenerator().equals(p256.getGenerator())
                && curve.getOrder().equals(p256.getOrder());
    }

    private static ECParameterSpec p256() {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec("secp256r1"));
            return parameters.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }
}
