// Package seal holds everything that is cryptography: the canonical encoding
// that hashes are taken over, the names and signatures of revisions and log
// entries, the token in a paper's QR code, the keys a passphrase opens, and
// the keyed words a search index is made of.
//
// It refuses bytes it cannot encode without loss, signatures that do not fit,
// and every use of keys after Forget. It knows no database and no screen, and
// it invents no primitives: SHA-256, HMAC, HKDF, AES-256-GCM, Ed25519,
// Argon2id and HPKE as the Go libraries have them, SM2 and SM3 as gmsm has
// them.
//
// One device key signs revisions, log entries, bundles and tokens; each
// signature is made over a prefix of its own, so that none can stand in for
// another. Tokens may be signed by SM2 instead.
package seal
