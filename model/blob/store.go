package blob

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"anxin/model"
	"anxin/model/seal"
)

// Folder is the name of the room in the data folder.
const Folder = "blobs"

const (
	tmpFolder  = "tmp"
	copyBuffer = 256 << 10 // bytes read at a time
)

// ErrDamaged: the file of that name does not hold what was put there.
var ErrDamaged = errors.New("证据文件已经损坏，请从原设备重新导入，或者联网从中心取回")

func damaged(name string, why error) error {
	return fmt.Errorf("证据文件 %s: %w（%w）", name, ErrDamaged, why)
}

// Store is the room of evidence bytes. It is safe for concurrent use.
type Store struct {
	dir  string
	keys *seal.Keys

	mu    sync.Mutex
	again map[string]bool // put although they were here, see Drop
}

// Open opens or creates the room in a data folder and sweeps what interrupted
// imports left behind more than a day ago.
func Open(dir string, keys *seal.Keys) (*Store, error) {
	s := &Store{dir: filepath.Join(dir, Folder), keys: keys, again: map[string]bool{}}
	if err := os.MkdirAll(filepath.Join(s.dir, tmpFolder), 0o700); err != nil {
		return nil, fmt.Errorf("建立证据文件夹“%s”: %w", s.dir, err)
	}
	if err := s.lift(); err != nil {
		return nil, err
	}
	if err := s.sweep(); err != nil {
		return nil, fmt.Errorf("清理证据文件夹“%s”: %w", s.dir, err)
	}
	return s, nil
}

// sweep removes unfinished files, except young ones: another program may be
// writing them. Now is what the file system says it is.
func (s *Store) sweep() error {
	probe, err := s.tmp()
	if err != nil {
		return err
	}
	now, err := probe.Stat()
	err = errors.Join(err, probe.Close())
	if err != nil {
		return errors.Join(err, os.Remove(probe.Name()))
	}
	list, err := os.ReadDir(filepath.Join(s.dir, tmpFolder))
	if err != nil {
		return err
	}
	for _, e := range list {
		path := filepath.Join(s.dir, tmpFolder, e.Name())
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		if path == probe.Name() || now.ModTime().Sub(info.ModTime()) > 24*time.Hour {
			if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	return nil
}

func (s *Store) tmp() (*os.File, error) {
	return os.CreateTemp(filepath.Join(s.dir, tmpFolder), "put-*")
}

// path is where the bytes of a hash stand; false when it is no hash.
func (s *Store) path(sha string) (string, bool) {
	raw, err := hex.DecodeString(sha)
	if err != nil || len(raw) != sha256.Size || hex.EncodeToString(raw) != sha {
		return "", false
	}
	return filepath.Join(s.dir, sha[:2], sha), true
}

// Put keeps the bytes of r and names them. They are on disk, whole and
// durable, when it returns; bytes that are here already are not kept twice.
func (s *Store) Put(ctx context.Context, r io.Reader) (model.BlobInfo, error) {
	f, err := s.tmp()
	if err != nil {
		return model.BlobInfo{}, fmt.Errorf("保存证据文件: %w", err)
	}
	info, err := s.fill(f, &contextReader{ctx, r})
	err = errors.Join(err, f.Close())
	if err == nil {
		err = s.settle(f.Name(), info)
	}
	if err != nil {
		removed := os.Remove(f.Name())
		if errors.Is(removed, fs.ErrNotExist) {
			removed = nil
		}
		return model.BlobInfo{}, fmt.Errorf("保存证据文件: %w", errors.Join(err, removed))
	}
	return info, nil
}

// fill writes the content first and the header, which is bound to the hash,
// last.
func (s *Store) fill(f *os.File, r io.Reader) (model.BlobInfo, error) {
	key := make([]byte, seal.StreamKeySize)
	rand.Read(key) // never fails
	defer clear(key)
	if _, err := f.Seek(headerSize, io.SeekStart); err != nil {
		return model.BlobInfo{}, err
	}
	stream, err := seal.NewStreamWriter(f, key)
	if err != nil {
		return model.BlobInfo{}, err
	}
	sum := sha256.New()
	size, err := io.CopyBuffer(io.MultiWriter(sum, stream), r, make([]byte, copyBuffer))
	if err == nil {
		err = stream.Close()
	}
	if err != nil {
		return model.BlobInfo{}, err
	}
	info := model.BlobInfo{SHA256: hex.EncodeToString(sum.Sum(nil)), Size: size}
	sealed, err := s.keys.SealFileKey(bound(info.SHA256), key)
	if err != nil {
		return info, err
	}
	if _, err := f.WriteAt(append(fixed[:], sealed...), 0); err != nil {
		return info, err
	}
	return info, f.Sync()
}

// settle gives a finished file its name, or drops it when the bytes are here.
func (s *Store) settle(tmp string, info model.BlobInfo) error {
	path, _ := s.path(info.SHA256)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.again[info.SHA256] = s.again[info.SHA256] || exists(path)
	if f, err := s.open(info.SHA256); err == nil {
		same := f.size == info.Size
		if err := f.Close(); err != nil {
			return err
		}
		if same {
			return os.Remove(tmp)
		}
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := os.Rename(tmp, path); err != nil {
		return err
	}
	return errors.Join(seal.SyncDir(dir), seal.SyncDir(s.dir))
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// Get opens the bytes of a hash for reading from any place and tells their
// number. The reader is also an io.ReaderAt; the caller closes it. The error
// wraps model.ErrNotFound, ErrDamaged or model.ErrLocked; damage in the middle
// shows when that part is read.
func (s *Store) Get(_ context.Context, sha string) (io.ReadSeekCloser, int64, error) {
	f, err := s.open(sha)
	if err != nil {
		return nil, 0, err
	}
	return f, f.size, nil
}

func (s *Store) open(sha string) (*file, error) {
	path, ok := s.path(sha)
	if !ok {
		return nil, fmt.Errorf("证据文件“%s”: %w", sha, model.ErrNotFound)
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("证据文件 %s: %w", sha, model.ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("打开证据文件: %w", err)
	}
	b, err := s.read(f, sha)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return b, nil
}

func (s *Store) read(f *os.File, sha string) (*file, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("打开证据文件: %w", err)
	}
	head := make([]byte, headerSize)
	if n, err := f.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("读取证据文件 %s: %w", sha, err)
	} else if n < headerSize {
		return nil, damaged(sha, seal.ErrCut)
	}
	sealed, err := parseHeader(head)
	if err != nil {
		return nil, damaged(sha, err)
	}
	key, err := s.keys.OpenFileKey(bound(sha), sealed)
	if errors.Is(err, model.ErrLocked) {
		return nil, err
	}
	if err != nil {
		return nil, damaged(sha, err)
	}
	rest := info.Size() - headerSize
	stream, err := seal.OpenStream(io.NewSectionReader(f, headerSize, rest), rest, key)
	clear(key)
	if err != nil {
		return nil, damaged(sha, err)
	}
	return newFile(f, sha, stream), nil
}

// Has says whether the bytes of a hash are here; it does not read them.
func (s *Store) Has(_ context.Context, sha string) (bool, error) {
	path, ok := s.path(sha)
	if !ok {
		return false, nil
	}
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("证据文件 %s: %w", sha, err)
	}
	return true, nil
}

// Check reads a file to its end and compares its hash; the error wraps
// ErrDamaged when it differs.
func (s *Store) Check(ctx context.Context, sha string) error {
	f, err := s.open(sha)
	if err != nil {
		return err
	}
	sum := sha256.New()
	_, err = io.Copy(sum, &contextReader{ctx, f})
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if hex.EncodeToString(sum.Sum(nil)) != sha {
		return damaged(sha, errChanged)
	}
	return nil
}

// List names all bytes that are here, by hash. A file too short to hold
// anything is listed with size -1; Check says what is wrong with it.
func (s *Store) List(ctx context.Context) ([]model.BlobInfo, error) {
	var out []model.BlobInfo
	err := filepath.WalkDir(s.dir, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
		if _, ok := s.path(e.Name()); !ok || e.IsDir() {
			return nil
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		size, err := seal.ClearSize(info.Size() - headerSize)
		if err != nil {
			size = -1
		}
		out = append(out, model.BlobInfo{SHA256: e.Name(), Size: size})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("列出证据文件: %w", err)
	}
	return out, nil
}

// contextReader stops a long copy when its context ends.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c *contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
