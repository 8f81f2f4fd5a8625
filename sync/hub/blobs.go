package hub

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"

	"anxin/model"
	"anxin/sync/wire"
)

// Blobs keeps the bytes of evidence: leaves while a file arrives, whole files
// afterwards. Callers pass only hashes that wire.CheckHash accepts. An
// implementation is held to synctest.BlobsSuite.
type Blobs interface {
	// WriteLeaf keeps leaf n of a file of size bytes; it is durable when
	// WriteLeaf returns. The same leaf may be written again, from anywhere.
	WriteLeaf(ctx context.Context, sha string, size int64, n int, data []byte) error
	// Have says which leaves of a file not yet finished are durable.
	Have(ctx context.Context, sha string, size int64) (wire.Bitmap, error)
	// Finish checks the whole hash and makes the file available, again where it
	// was before. A file whose bytes do not fit is dropped, and the error wraps
	// ErrDamaged.
	Finish(ctx context.Context, sha string, size int64) error
	// Open reads a finished file and tells its size in bytes; otherwise the
	// error is model.ErrNotFound. What was changed since shows as ErrDamaged,
	// here or when that part is read.
	Open(ctx context.Context, sha string) (io.ReadSeekCloser, int64, error)
	Close() error
}

// ErrDamaged: the bytes of a file do not fit its hash.
var ErrDamaged = errors.New("材料的内容与其 SHA-256 不符，请重新上传")

// Folder is the Blobs of a single machine: DIR/ab/<sha256> for finished files,
// DIR/staging/<sha256> with a list of its durable leaves beside it for the
// others, all sealed. Nothing outside DIR can be reached through it.
type Folder struct {
	root *os.Root
	seal leafSeal
}

const staging = "staging"

// OpenFolder opens or creates the folder dir, whose files are sealed by key.
func OpenFolder(dir string, key Seal) (*Folder, error) {
	seal, err := newLeafSeal(key)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("建立材料目录: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("打开材料目录: %w", err)
	}
	if err := root.Mkdir(staging, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, errors.Join(fmt.Errorf("建立材料目录: %w", err), root.Close())
	}
	return &Folder{root, seal}, nil
}

// Close implements Blobs.
func (f *Folder) Close() error { return f.root.Close() }

func finished(sha string) string   { return sha[:2] + "/" + sha }
func unfinished(sha string) string { return staging + "/" + sha }
func leafList(sha string) string   { return staging + "/" + sha + ".have" }

// WriteLeaf implements Blobs: the bytes are durable before the list says so.
func (f *Folder) WriteLeaf(_ context.Context, sha string, size int64, n int, data []byte) error {
	if err := f.append(unfinished(sha), os.O_CREATE|os.O_WRONLY, func(w *os.File) error {
		_, err := w.WriteAt(f.seal.seal(sha, size, n, data), int64(n)*f.seal.stride())
		return err
	}); err != nil {
		return fmt.Errorf("保存材料分段 %d: %w", n, err)
	}
	if err := f.append(leafList(sha), os.O_CREATE|os.O_WRONLY|os.O_APPEND, func(w *os.File) error {
		_, err := w.Write(binary.BigEndian.AppendUint32(nil, uint32(n)))
		return err
	}); err != nil {
		return fmt.Errorf("登记材料分段 %d: %w", n, err)
	}
	return nil
}

// append writes into a file and makes the bytes, and a new name, durable.
func (f *Folder) append(name string, flag int, write func(*os.File) error) error {
	_, statErr := f.root.Stat(name)
	w, err := f.root.OpenFile(name, flag, 0o600)
	if err != nil {
		return err
	}
	if err := errors.Join(write(w), w.Sync(), w.Close()); err != nil {
		return err
	}
	if statErr != nil {
		return f.syncDir(staging)
	}
	return nil
}

// syncDir makes names in a folder durable; Windows does so by itself and knows
// no such call.
func (f *Folder) syncDir(name string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := f.root.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Have implements Blobs. A torn entry at the end of the list is a leaf that
// was never confirmed.
func (f *Folder) Have(_ context.Context, sha string, size int64) (wire.Bitmap, error) {
	have := wire.NewBitmap(wire.Leaves(size))
	list, err := f.root.ReadFile(leafList(sha))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("读取材料分段清单: %w", err)
	}
	for ; len(list) >= 4; list = list[4:] {
		if n := int(binary.BigEndian.Uint32(list)); n < wire.Leaves(size) {
			have.Set(n)
		}
	}
	return have, nil
}

// Finish implements Blobs. A file that came again replaces what was there: the
// disk may have spoiled it since.
func (f *Folder) Finish(ctx context.Context, sha string, size int64) error {
	name := unfinished(sha)
	if _, err := f.root.Stat(name); errors.Is(err, fs.ErrNotExist) {
		name = finished(sha)
	}
	err := f.check(ctx, name, sha, size)
	if errors.Is(err, ErrDamaged) {
		return errors.Join(err, f.root.Remove(name), f.drop(sha))
	}
	if err != nil {
		return fmt.Errorf("核对材料: %w", err)
	}
	if name == finished(sha) {
		return f.drop(sha)
	}
	if err := f.root.Mkdir(sha[:2], 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("存放材料: %w", err)
	}
	if err := f.root.Rename(name, finished(sha)); err != nil {
		return fmt.Errorf("存放材料: %w", err)
	}
	if err := errors.Join(f.syncDir(sha[:2]), f.syncDir(".")); err != nil {
		return fmt.Errorf("存放材料: %w", err)
	}
	return f.drop(sha)
}

// check reads a file and compares it with its hash; the error is ErrDamaged or
// about reading.
func (f *Folder) check(ctx context.Context, name, sha string, size int64) error {
	r, _, err := f.open(name, sha)
	if err != nil {
		return err
	}
	return errors.Join(fits(ctx, r, sha, size), r.Close())
}

// fits compares what r reads with a hash and a size; the error is ErrDamaged or
// about reading.
func fits(ctx context.Context, r io.Reader, sha string, size int64) error {
	h := sha256.New()
	n, err := io.Copy(h, readerFunc(func(p []byte) (int, error) {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		return r.Read(p)
	}))
	if err == nil && (n != size || hex.EncodeToString(h.Sum(nil)) != sha) {
		err = ErrDamaged
	}
	return err
}

type readerFunc func([]byte) (int, error)

func (fn readerFunc) Read(p []byte) (int, error) { return fn(p) }

// drop removes what is left of an upload; its list goes first, so that no leaf
// is ever listed without its bytes.
func (f *Folder) drop(sha string) error {
	for _, name := range []string{leafList(sha), unfinished(sha)} {
		if err := f.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("清理材料分段: %w", err)
		}
	}
	return f.syncDir(staging)
}

// Open implements Blobs.
func (f *Folder) Open(_ context.Context, sha string) (io.ReadSeekCloser, int64, error) {
	r, size, err := f.open(finished(sha), sha)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, model.ErrNotFound
	}
	if err != nil {
		return nil, 0, fmt.Errorf("打开材料: %w", err)
	}
	return r, size, nil
}

func (f *Folder) open(name, sha string) (*leafFile, int64, error) {
	file, err := f.root.Open(name)
	if err != nil {
		return nil, 0, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, 0, errors.Join(err, file.Close())
	}
	r, err := f.seal.openLeaves(file, sha, info.Size())
	if err != nil {
		return nil, 0, errors.Join(err, file.Close())
	}
	return r, r.size, nil
}
