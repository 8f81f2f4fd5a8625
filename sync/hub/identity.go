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

// identity is who the hub is: the key it signs with and the certificate it
// shows. The certificate's key is of the kind browsers know, because the
// verify page is opened with them.
type identity struct {
	hub   model.ID
	since time.Time
	sign  ed25519.PrivateKey
	cert  tls.Certificate
}

// identityFile is identity as it lies in DIR/identity.json, readable by the
// hub's account alone.
type identityFile struct {
	Hub   model.ID  `json:"hub"`
	Since time.Time `json:"since"`
	Sign  []byte    `json:"sign"` // Ed25519 seed
	Cert  []byte    `json:"cert"` // DER
	Key   []byte    `json:"key"`  // PKCS #8
}

// certLife is long because laptops pin the key, not the dates.
const certLife = 20 * 365 * 24 * time.Hour

func openIdentity(dir string, clock model.Clock, ids model.IDs) (identity, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return identity{}, fmt.Errorf("建立局服务器数据目录: %w", err)
	}
	path := filepath.Join(dir, "identity.json")
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if data, err = newIdentity(clock.Now(), ids.NewID()); err == nil {
			err = seal.WriteFile(path, data)
		}
	}
	if err != nil {
		return identity{}, fmt.Errorf("读取局服务器密钥: %w", err)
	}
	var f identityFile
	if err := json.Unmarshal(data, &f); err != nil || len(f.Sign) != ed25519.SeedSize {
		return identity{}, fmt.Errorf("局服务器密钥文件 %s 已损坏，请从备份恢复", filepath.Base(path))
	}
	key, err := x509.ParsePKCS8PrivateKey(f.Key)
	if err != nil {
		return identity{}, fmt.Errorf("局服务器密钥文件 %s 已损坏，请从备份恢复: %w", filepath.Base(path), err)
	}
	leaf, err := x509.ParseCertificate(f.Cert)
	if err != nil {
		return identity{}, fmt.Errorf("局服务器密钥文件 %s 已损坏，请从备份恢复: %w", filepath.Base(path), err)
	}
	return identity{hub: f.Hub, since: f.Since, sign: ed25519.NewKeyFromSeed(f.Sign),
		cert: tls.Certificate{Certificate: [][]byte{f.Cert}, PrivateKey: key, Leaf: leaf}}, nil
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
	return json.Marshal(identityFile{Hub: hub, Since: now, Sign: sign.Seed(), Cert: cert, Key: pkcs8})
}

// TLS is the configuration the hub serves with: TLS 1.3 and its own
// certificate.
func (h *Hub) TLS() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{h.identity.cert}}
}

// Pin is the hash enrolment codes carry.
func (h *Hub) Pin() [sha256.Size]byte { return wire.Pin(h.identity.cert.Leaf) }
