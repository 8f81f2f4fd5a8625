package bundle

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"

	"anxin/model"
	"anxin/model/seal"
)

// Options are what a bundle is held to when it is opened.
type Options struct {
	Kind string // "" takes any
	// Known are the keys a signer may have; nil takes any signer, whose key is
	// then for the caller to judge. A signer is not known on days the key was
	// not valid.
	Known []model.PublicKey
	// Private are the X25519 keys (32 bytes) that may open a sealed bundle.
	Private [][]byte
}

// Reader is an open bundle whose manifest is signed. It is safe for concurrent
// use. The members' bytes are compared as they are read.
type Reader struct {
	manifest Manifest
	members  map[string]Member
	files    map[string]*zip.File
	sealed   bool
}

// Open reads a bundle's manifest and checks it: the signature, the signer, and
// that the file holds the members it names and no other. The members
// themselves are checked by Verify or as they are read. The error wraps one of
// this room's.
func Open(r io.ReaderAt, size int64, o Options) (*Reader, error) {
	b := &Reader{members: map[string]Member{}}
	stream, err := unseal(r, size, o.Private)
	if err != nil {
		return nil, err
	}
	if stream != nil {
		b.sealed, r, size = true, stream, stream.Size()
	}
	if err := b.list(r, size); err != nil {
		return nil, err
	}
	if err := b.readManifest(); err != nil {
		return nil, err
	}
	if o.Kind != "" && b.manifest.Kind != o.Kind {
		return nil, fmt.Errorf("需要“%s”，这是“%s”: %w", o.Kind, printable(b.manifest.Kind), ErrKind)
	}
	if o.Known != nil {
		if _, err := seal.KeyOn(o.Known, b.manifest.KeyID, b.manifest.Made); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrUnknown, err)
		}
	}
	return b, nil
}

// unseal opens the stream of a sealed bundle; nil for a plain one.
func unseal(r io.ReaderAt, size int64, private [][]byte) (*seal.Stream, error) {
	head, err := sealedHead(r)
	if head == nil || err != nil {
		return nil, err
	}
	secret, err := openSecret(head[sealedFixed:], private)
	if err != nil {
		return nil, err
	}
	key, err := streamKey(secret, head)
	clear(secret)
	if err != nil {
		return nil, err
	}
	rest := size - int64(len(head))
	stream, err := seal.OpenStream(io.NewSectionReader(r, int64(len(head)), rest), rest, key)
	if err == nil {
		err = stream.Verify() // the last chunk says that it is the last: what does not open was cut
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTruncated, err)
	}
	return stream, nil
}

// sealedHead reads what stands before the stream of a sealed bundle; nil for a
// plain one.
func sealedHead(r io.ReaderAt) ([]byte, error) {
	fixed := make([]byte, sealedFixed)
	if err := fill(r, fixed); err != nil {
		return nil, orElse(err, ErrNotBundle)
	}
	if !bytes.HasPrefix(fixed, []byte(sealedWord)) {
		return nil, nil
	}
	if fixed[4] > sealedVersion {
		return nil, ErrNewer
	}
	count := int(binary.BigEndian.Uint16(fixed[6:]))
	if fixed[4] != sealedVersion || fixed[5] != 0 || count < 1 || count > maxRecipients {
		return nil, ErrNotBundle
	}
	head := make([]byte, sealedFixed+count*seal.WrappedKeySize)
	if err := fill(r, head); err != nil {
		return nil, orElse(err, ErrTruncated)
	}
	return head, nil
}

// fill reads from the start of r until p is full; io.EOF when r is shorter.
func fill(r io.ReaderAt, p []byte) error {
	n, err := r.ReadAt(p, 0)
	if n == len(p) {
		return nil
	}
	return err
}

// orElse words the end of a file; other errors stay what they are.
func orElse(err, atEnd error) error {
	if errors.Is(err, io.EOF) {
		return atEnd
	}
	return fmt.Errorf("读取文件包: %w", err)
}

func openSecret(wrapped []byte, private [][]byte) ([]byte, error) {
	for ; len(wrapped) > 0; wrapped = wrapped[seal.WrappedKeySize:] {
		for _, key := range private {
			secret, err := seal.OpenWith(key, sealedPurpose, wrapped[:seal.WrappedKeySize])
			if err == nil {
				return secret, nil
			}
			if !errors.Is(err, seal.ErrDamaged) {
				return nil, err
			}
		}
	}
	return nil, ErrSealed
}

// list reads the directory of the zip.
func (b *Reader) list(r io.ReaderAt, size int64) error {
	if err := wholeZip(r, size); err != nil {
		return err
	}
	z, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if len(z.File) > maxMembers+2 {
		return fmt.Errorf("多于 %d 个文件: %w", maxMembers, ErrTooLarge)
	}
	b.files = make(map[string]*zip.File, len(z.File))
	seen, room := map[string]bool{}, uint64(size)
	for _, f := range z.File {
		if f.Name != manifestName && f.Name != signatureName {
			if err := checkName(f.Name, seen); err != nil {
				return err
			}
		} else if b.files[f.Name] != nil {
			return fmt.Errorf("“%s”: %w", f.Name, ErrDuplicate)
		}
		// Nothing is packed, so all members together fit into the file: two
		// that share their bytes, or one that would grow, do not.
		if f.Method != zip.Store || f.CompressedSize64 != f.UncompressedSize64 || f.UncompressedSize64 > room {
			return fmt.Errorf("“%s”展开后超过文件包本身: %w", f.Name, ErrTooLarge)
		}
		room -= f.UncompressedSize64
		b.files[f.Name] = f
	}
	return nil
}

// wholeZip looks at both ends of a file. A bundle ends with the end of its
// directory and nothing behind it; the end of another zip that is a member must
// not be taken for it when the file was cut.
func wholeZip(r io.ReaderAt, size int64) error {
	const endSize = 22
	first, end := make([]byte, 4), make([]byte, endSize)
	if err := fill(r, first); err != nil {
		return orElse(err, ErrNotBundle)
	}
	if string(first) != "PK\x03\x04" || size < endSize {
		return ErrNotBundle
	}
	if n, err := r.ReadAt(end, size-endSize); n < endSize {
		return orElse(err, ErrTruncated)
	}
	if string(end[:4]) != "PK\x05\x06" {
		return ErrTruncated
	}
	return nil
}

func (b *Reader) readManifest() error {
	text, err := b.small(manifestName, maxManifest)
	if err != nil {
		return err
	}
	sig, err := b.small(signatureName, 1<<10)
	if err != nil {
		return err
	}
	if b.manifest, err = readManifest(text, sig); err != nil {
		return err
	}
	for _, m := range b.manifest.Members {
		f := b.files[m.Name]
		if f == nil {
			return fmt.Errorf("“%s”: %w", m.Name, ErrMissing)
		}
		if f.UncompressedSize64 != uint64(m.Size) {
			return fmt.Errorf("“%s”的长度与清单不符: %w", m.Name, ErrDamaged)
		}
		b.members[m.Name] = m
	}
	for name := range b.files {
		if _, ok := b.members[name]; !ok && name != manifestName && name != signatureName {
			return fmt.Errorf("“%s”: %w", name, ErrExtra)
		}
	}
	return nil
}

// small reads one of the two files beside the members.
func (b *Reader) small(name string, most uint64) ([]byte, error) {
	f := b.files[name]
	if f == nil {
		return nil, fmt.Errorf("没有“%s”: %w", name, ErrNotBundle)
	}
	if f.UncompressedSize64 > most {
		return nil, fmt.Errorf("“%s”: %w", name, ErrTooLarge)
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("“%s”: %w: %w", name, ErrDamaged, err)
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("“%s”: %w: %w", name, ErrDamaged, err)
	}
	return text, nil
}

// Manifest is what was signed.
func (b *Reader) Manifest() Manifest { return b.manifest }

// Sealed says whether the bundle was sealed to recipients.
func (b *Reader) Sealed() bool { return b.sealed }

// Member looks a member up by name.
func (b *Reader) Member(name string) (Member, bool) {
	m, ok := b.members[name]
	return m, ok
}

// Open reads a member. Its bytes are those that were signed when the reader
// has come to io.EOF; it gives ErrDamaged there when they are not, so nothing
// read before may be acted on. The error wraps model.ErrNotFound for a name
// that is not there.
func (b *Reader) Open(name string) (io.ReadCloser, error) {
	m, ok := b.members[name]
	if !ok {
		return nil, fmt.Errorf("文件包里的“%s”: %w", printable(name), model.ErrNotFound)
	}
	r, err := b.files[name].Open()
	if err != nil {
		return nil, fmt.Errorf("“%s”: %w: %w", name, ErrDamaged, err)
	}
	return &checked{ReadCloser: r, member: m, sum: sha256.New()}, nil
}

// Read reads a member of at most so many bytes whole and checked.
func (b *Reader) Read(name string, most int64) ([]byte, error) {
	if m, ok := b.members[name]; ok && m.Size > most {
		return nil, fmt.Errorf("“%s”有 %d 字节，最多允许 %d 字节: %w", name, m.Size, most, ErrTooLarge)
	}
	r, err := b.Open(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

// Verify reads every member and compares it with the manifest; the error wraps
// ErrDamaged and names the first that differs.
func (b *Reader) Verify(ctx context.Context) error {
	for _, m := range b.manifest.Members {
		if err := ctx.Err(); err != nil {
			return err
		}
		r, err := b.Open(m.Name)
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, r)
		if err = errors.Join(err, r.Close()); err != nil {
			return err
		}
	}
	return nil
}

// checked compares what passes through with the manifest.
type checked struct {
	io.ReadCloser
	member Member
	sum    hash.Hash
}

func (c *checked) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	c.sum.Write(p[:n])
	switch {
	case err == nil:
		return n, nil
	case !errors.Is(err, io.EOF):
		return n, fmt.Errorf("“%s”: %w: %w", c.member.Name, ErrDamaged, err)
	case hex.EncodeToString(c.sum.Sum(nil)) != c.member.SHA256:
		return n, fmt.Errorf("“%s”: %w", c.member.Name, ErrDamaged)
	}
	return n, io.EOF
}

// File is a bundle open on disk. Close it.
type File struct {
	*Reader
	f *os.File
}

// Close implements io.Closer.
func (f *File) Close() error { return f.f.Close() }

// OpenFile opens the bundle at a path; see Open.
func OpenFile(path string, o Options) (*File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("打开文件包“%s”: %w", path, err)
	}
	info, err := f.Stat()
	var r *Reader
	if err == nil {
		r, err = Open(f, info.Size(), o)
	}
	if err != nil {
		return nil, fmt.Errorf("文件包“%s”: %w", path, errors.Join(err, f.Close()))
	}
	return &File{r, f}, nil
}
