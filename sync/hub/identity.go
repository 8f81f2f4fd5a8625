package hub

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"time"

	"anxin/model"
	"anxin/model/seal"
	"anxin/sync/wire"
)

// Identity is who the hub is: the key it signs with, the key it seals records
// with and the certificate it shows. The certificate's key is of the kind
// browsers know, because the verify page is opened with them. All replicas of a
// hub have the same.
type Identity struct {
	hub   model.ID
	since time.Time
	sign  ed25519.PrivateKey
	seal  Seal
	cert  tls.Certificate
}

// Seal is the key the hub's Store and Blobs are opened with.
func (id Identity) Seal() Seal { return id.seal }

// identityFile is an Identity as it lies in DIR/identity.json, readable by the
// hub's account alone.
type identityFile struct {
	Hub   model.ID  `json:"hub"`
	Since time.Time `json:"since"`
	Sign  []byte    `json:"sign"` // Ed25519 seed
	Cert  []byte    `json:"cert"` // DER
	Key   []byte    `json:"key"`  // PKCS #8
	Seal  []byte    `json:"seal"`
}

// certLife is long because laptops pin the key, not the dates.
const certLife = 20 * 365 * 24 * time.Hour

// OpenIdentity reads DIR/identity.json, and draws a new identity where there
// is none.
func OpenIdentity(dir string, clock model.Clock, ids model.IDs) (Identity, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return Identity{}, fmt.Errorf("建立局服务器数据目录: %w", err)
	}
	path := filepath.Join(dir, "identity.json")
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if data, err = newIdentity(clock.Now(), ids.NewID()); err == nil {
			err = seal.WriteFile(path, data)
		}
	}
	if err != nil {
		return Identity{}, fmt.Errorf("读取局服务器密钥: %w", err)
	}
	id, err := readIdentity(data)
	if err != nil {
		return Identity{}, fmt.Errorf("局服务器密钥文件 %s 已损坏，请从备份恢复: %w", filepath.Base(path), err)
	}
	return id, nil
}

// NewIdentity draws an identity that lies in no file.
func NewIdentity(clock model.Clock, ids model.IDs) (Identity, error) {
	data, err := newIdentity(clock.Now(), ids.NewID())
	if err != nil {
		return Identity{}, err
	}
	return readIdentity(data)
}

func readIdentity(data []byte) (Identity, error) {
	var f identityFile
	if err := json.Unmarshal(data, &f); err != nil {
		return Identity{}, err
	}
	id := Identity{hub: f.Hub, since: f.Since}
	if len(f.Sign) != ed25519.SeedSize || len(f.Seal) != len(id.seal) {
		return Identity{}, errors.New("密钥的长度不对")
	}
	key, err := x509.ParsePKCS8PrivateKey(f.Key)
	if err != nil {
		return Identity{}, err
	}
	leaf, err := x509.ParseCertificate(f.Cert)
	if err != nil {
		return Identity{}, err
	}
	id.sign, id.seal = ed25519.NewKeyFromSeed(f.Sign), Seal(f.Seal)
	id.cert = tls.Certificate{Certificate: [][]byte{f.Cert}, PrivateKey: key, Leaf: leaf}
	return id, nil
}

func newIdentity(now time.Time, hub model.ID) ([]byte, error) {
	_, sign, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{SerialNumber: serial, Subject: pkix.Name{CommonName: "anxin hub"},
		NotBefore: now.Add(-24 * time.Hour), NotAfter: now.Add(certLife),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	sealing, err := newSeal()
	if err != nil {
		return nil, err
	}
	return json.Marshal(identityFile{Hub: hub, Since: now, Sign: sign.Seed(), Cert: cert, Key: pkcs8, Seal: sealing[:]})
}

// TLS is the configuration the hub serves with: TLS 1.3 and its own
// certificate.
func (h *Hub) TLS() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{h.identity.cert}}
}

// Pin is the hash enrolment codes carry.
func (h *Hub) Pin() [sha256.Size]byte { return wire.Pin(h.identity.cert.Leaf) }
