package bundle

import (
	"archive/zip"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"anxin/model/seal"
)

const (
	sealedWord    = "ANXS"
	sealedVersion = 1
	sealedFixed   = 8 // word, version, zero, number of recipients
	maxRecipients = 256
	sealedPurpose = "anxin bundle 1"
)

// Writer writes a bundle from front to back. It is not safe for concurrent
// use. After an error the bundle is lost and Close says so.
type Writer struct {
	zip      *zip.Writer
	stream   *seal.StreamWriter // nil for a plain bundle
	by       seal.Device
	manifest Manifest
	seen     map[string]bool
	err      error
}

// Create begins a bundle that by signs. With recipients (X25519 public keys of
// 32 bytes) it is sealed to them, without it is plain. Close it; w is not
// closed.
func Create(w io.Writer, h Header, by seal.Device, recipients ...[]byte) (*Writer, error) {
	if h.Kind == "" {
		return nil, errors.New("文件包没有种类")
	}
	b := &Writer{by: by, seen: map[string]bool{}, manifest: Manifest{Format: format, Kind: h.Kind, Made: h.Made,
		Device: by.ID, KeyID: by.KeyID(), Key: by.Public(), Meta: h.Meta, Members: []Member{}}}
	if len(recipients) > 0 {
		stream, err := sealTo(w, recipients)
		if err != nil {
			return nil, err
		}
		b.stream, w = stream, stream
	}
	b.zip = zip.NewWriter(w)
	return b, nil
}

// sealTo writes the head of a sealed bundle and returns what seals the rest.
func sealTo(w io.Writer, recipients [][]byte) (*seal.StreamWriter, error) {
	if len(recipients) > maxRecipients {
		return nil, fmt.Errorf("接收方多于 %d 个: %w", maxRecipients, ErrTooLarge)
	}
	secret := make([]byte, seal.StreamKeySize)
	rand.Read(secret) // never fails: the runtime ends the program instead
	defer clear(secret)
	head := append([]byte(sealedWord), sealedVersion, 0)
	head = binary.BigEndian.AppendUint16(head, uint16(len(recipients)))
	for i, public := range recipients {
		wrapped, err := seal.SealTo(public, sealedPurpose, secret)
		if err != nil {
			return nil, fmt.Errorf("第 %d 个接收方: %w", i+1, err)
		}
		head = append(head, wrapped...)
	}
	if _, err := w.Write(head); err != nil {
		return nil, fmt.Errorf("写文件包: %w", err)
	}
	key, err := streamKey(secret, head)
	if err != nil {
		return nil, err
	}
	return seal.NewStreamWriter(w, key)
}

// streamKey binds the stream to everything that stands before it.
func streamKey(secret, head []byte) ([]byte, error) {
	key, err := hkdf.Key(sha256.New, secret, head, sealedPurpose, seal.StreamKeySize)
	if err != nil {
		return nil, fmt.Errorf("派生文件包的密钥: %w", err)
	}
	return key, nil
}

// Add copies r into the bundle as a member. The error wraps ErrName,
// ErrDuplicate or ErrTooLarge for a name that cannot be added.
func (b *Writer) Add(name string, r io.Reader) (Member, error) {
	if b.err != nil {
		return Member{}, b.err
	}
	if len(b.manifest.Members) == maxMembers {
		return Member{}, fmt.Errorf("多于 %d 个文件: %w", maxMembers, ErrTooLarge)
	}
	if err := checkName(name, b.seen); err != nil {
		return Member{}, err
	}
	m, err := b.copy(name, r)
	if err != nil {
		b.err = fmt.Errorf("写文件包的“%s”: %w", name, err)
		return Member{}, b.err
	}
	b.manifest.Members = append(b.manifest.Members, m)
	return m, nil
}

func (b *Writer) copy(name string, r io.Reader) (Member, error) {
	w, err := b.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store, Modified: b.manifest.Made})
	if err != nil {
		return Member{}, err
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(w, sum), r)
	return Member{Name: name, Size: n, SHA256: hex.EncodeToString(sum.Sum(nil))}, err
}

var errWritten = errors.New("文件包已经写完")

// Close writes manifest and signature.
func (b *Writer) Close() error {
	if b.err != nil {
		return b.err
	}
	b.err = errWritten
	text, sig, err := b.manifest.signed(b.by)
	if err != nil {
		return err
	}
	if len(text) > maxManifest {
		return fmt.Errorf("清单: %w", ErrTooLarge)
	}
	for _, f := range []struct {
		name string
		data []byte
	}{{manifestName, text}, {signatureName, sig}} {
		w, err := b.zip.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Store, Modified: b.manifest.Made})
		if err == nil {
			_, err = w.Write(f.data)
		}
		if err != nil {
			return fmt.Errorf("写文件包的清单: %w", err)
		}
	}
	err = b.zip.Close()
	if b.stream != nil {
		err = errors.Join(err, b.stream.Close())
	}
	if err != nil {
		return fmt.Errorf("写文件包: %w", err)
	}
	return nil
}

// WriteFile makes a bundle at a path: whole and durable when it returns, and
// nothing there but what was before when it fails. Fill adds the members.
func WriteFile(path string, h Header, by seal.Device, recipients [][]byte, fill func(*Writer) error) (err error) {
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".tmp-*")
	if err != nil {
		return fmt.Errorf("写文件包“%s”: %w", path, err)
	}
	defer os.Remove(tmp.Name()) // gone already when the rename succeeded
	b, err := Create(tmp, h, by, recipients...)
	if err == nil {
		err = fill(b)
	}
	if err == nil {
		err = b.Close()
	}
	if err == nil {
		err = tmp.Sync()
	}
	err = errors.Join(err, tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err == nil {
		err = seal.SyncDir(filepath.Dir(path))
	}
	if err != nil {
		return fmt.Errorf("写文件包“%s”: %w", path, err)
	}
	return nil
}
