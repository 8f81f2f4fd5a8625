package office

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"anxin/model/blob"
	"anxin/model/bundle"
	"anxin/model/seal"
	"anxin/model/store"
	"anxin/sync/client"
)

// RestoreFrom is a backup and what opens it: an officer's passphrase as it was
// on the day of the backup, or the bureau's private recovery key together with
// a new passphrase for the restored folder.
type RestoreFrom struct {
	Path       string
	Passphrase string
	Recovery   []byte // X25519, 32 bytes
	Fresh      string // with Recovery only
}

// Restore puts a backup into opt.Dir, which must be empty or not exist. The
// laptop starts a new epoch there: numbers leased before are dropped, because
// they may have been used after the backup was made, and what had not reached
// the hub is sent again. Nothing stands in opt.Dir when it fails. progress may
// be nil.
//
// The error wraps model.ErrPassphrase when neither key opens the backup, and
// the errors of package bundle when it is no whole backup.
func Restore(ctx context.Context, opt Options, from RestoreFrom, progress func(Progress)) (BackupReport, error) {
	opt = opt.complete()
	if progress == nil {
		progress = func(Progress) {}
	}
	if list, err := os.ReadDir(opt.Dir); err == nil && len(list) > 0 {
		return BackupReport{}, fmt.Errorf("“%s”不是空文件夹，请另选一个空文件夹来恢复: %w", opt.Dir, fs.ErrExist)
	}
	if from.Recovery != nil && len([]rune(from.Fresh)) < leastPassphrase {
		return BackupReport{}, fmt.Errorf("请设置新的口令，至少 %d 个字符", leastPassphrase)
	}
	f, err := bundle.OpenFile(from.Path, bundle.Options{Kind: backupKind})
	if err != nil {
		return BackupReport{}, fmt.Errorf("打开备份“%s”: %w", from.Path, err)
	}
	r := restorer{ctx: ctx, opt: opt, from: from, file: f, progress: progress, dir: opt.Dir + ".restoring"}
	report, err := r.run()
	if err = errors.Join(err, f.Close()); err != nil {
		return BackupReport{}, errors.Join(fmt.Errorf("从“%s”恢复没有完成: %w", from.Path, err), os.RemoveAll(r.dir))
	}
	return report, nil
}

// restorer works in a folder beside the final one, which gets its name when
// all is well.
type restorer struct {
	ctx      context.Context
	opt      Options
	from     RestoreFrom
	file     *bundle.File
	progress func(Progress)
	dir      string
	done     int64
	total    int64
}

func (r *restorer) run() (BackupReport, error) {
	m := r.file.Manifest()
	report := BackupReport{Made: m.Made, Device: m.Device}
	for _, x := range m.Members {
		r.total += x.Size
	}
	if err := os.RemoveAll(r.dir); err != nil {
		return report, fmt.Errorf("清理“%s”: %w", r.dir, err)
	}
	if err := os.MkdirAll(r.dir, 0o700); err != nil {
		return report, fmt.Errorf("不能建立文件夹“%s”，请检查权限: %w", r.dir, err)
	}
	root, err := os.OpenRoot(r.dir)
	if err != nil {
		return report, fmt.Errorf("打开文件夹“%s”: %w", r.dir, err)
	}
	defer root.Close()
	keys, err := r.keys(root)
	if err != nil {
		return report, err
	}
	defer keys.Forget()
	if d, err := keys.Device(); err != nil || d.KeyID() != m.KeyID {
		return report, errors.Join(fmt.Errorf("备份不是由它自己的设备签名的: %w", bundle.ErrForged), err)
	}
	if err := r.content(root, keys, &report); err != nil {
		return report, err
	}
	if err := r.settle(keys, &report); err != nil {
		return report, err
	}
	return report, r.rename()
}

// keys takes out the key file and opens it.
func (r *restorer) keys(root *os.Root) (*seal.Keys, error) {
	if err := r.extract(root, seal.KeyFile); err != nil {
		return nil, err
	}
	if r.from.Recovery == nil {
		keys, _, err := seal.Unlock(r.dir, r.from.Passphrase)
		return keys, err
	}
	keys, err := seal.Recover(r.dir, r.from.Recovery, r.opt.Params)
	if err != nil {
		return nil, err
	}
	return keys, keys.AddSlot(r.opt.IDs.NewID(), r.from.Fresh)
}

// content takes out the database and the evidence, every byte checked.
func (r *restorer) content(root *os.Root, keys *seal.Keys, report *BackupReport) error {
	var meta backupMeta
	m := r.file.Manifest()
	if err := json.Unmarshal(m.Meta, &meta); err != nil {
		return fmt.Errorf("备份的说明读不出来: %w", bundle.ErrDamaged)
	}
	key, err := keys.Open(backupPurpose+m.Made.Format(time.RFC3339), meta.Key)
	if err != nil {
		return fmt.Errorf("备份里数据的密钥: %w", err)
	}
	defer clear(key)
	for _, x := range m.Members {
		switch {
		case x.Name == seal.KeyFile:
			continue
		case x.Name == backupDatabase:
			err = r.database(root, key)
		case strings.HasPrefix(x.Name, blob.Folder+"/"):
			report.Files++
			err = r.extract(root, x.Name)
		default:
			err = fmt.Errorf("备份里有不认识的文件“%s”，可能由更新的程序写入，请升级程序: %w", x.Name, bundle.ErrNewer)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *restorer) database(root *os.Root, key []byte) error {
	f, err := root.OpenFile(store.File, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("写数据文件: %w", err)
	}
	err = openDatabase(r.ctx, r.file.Reader, key, f)
	if err == nil {
		err = f.Sync()
	}
	if m, ok := r.file.Member(backupDatabase); ok {
		r.advance(m.Size)
	}
	return errors.Join(err, f.Close())
}

func (r *restorer) advance(n int64) {
	r.done += n
	r.progress(Progress{"恢复数据", min(r.done, r.total), r.total})
}

func (r *restorer) extract(root *os.Root, name string) error {
	in, err := r.file.Open(name)
	if err != nil {
		return err
	}
	defer in.Close()
	local := filepath.FromSlash(name)
	if err := root.MkdirAll(filepath.Dir(local), 0o700); err != nil {
		return fmt.Errorf("建立“%s”的文件夹: %w", name, err)
	}
	out, err := root.OpenFile(local, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("写文件“%s”: %w", name, err)
	}
	_, err = io.Copy(out, readerFunc(func(p []byte) (int, error) {
		if err := r.ctx.Err(); err != nil {
			return 0, err
		}
		n, err := in.Read(p)
		r.advance(int64(n))
		return n, err
	}))
	if err == nil {
		err = out.Sync()
	}
	if err = errors.Join(err, out.Close()); err != nil {
		return fmt.Errorf("写文件“%s”: %w", name, err)
	}
	return nil
}

// settle opens what was restored, starts its new life and checks it.
func (r *restorer) settle(keys *seal.Keys, report *BackupReport) error {
	device, err := keys.Device()
	if err != nil {
		return err
	}
	report.Recovery = len(keys.Recoveries()) > 0
	ring := client.NewKeyring()
	upgrading := func(done float64) { r.progress(Progress{"升级数据", int64(100 * done), 100}) }
	s, err := store.Open(r.ctx, store.Options{Dir: r.dir, Keys: keys, Device: device, Clock: r.opt.Clock, IDs: r.opt.IDs, Devices: ring.Key, Marks: r.opt.Marks, Upgrading: upgrading})
	if err != nil {
		return err
	}
	err = r.live(s, report)
	if err == nil {
		var blobs *blob.Store
		if blobs, err = blob.Open(r.dir, keys); err == nil {
			report.Missing, err = missingFiles(r.ctx, s, blobs)
		}
	}
	return errors.Join(err, s.Close())
}

func (r *restorer) live(s *store.Store, report *BackupReport) error {
	if !s.Restored() { // no mark told it; we know
		if err := s.NewEpoch(r.ctx); err != nil {
			return err
		}
	}
	stats, err := s.Stats(r.ctx)
	report.Records, report.Bytes = stats.Records, stats.Bytes
	return err
}

// rename gives the finished folder its name.
func (r *restorer) rename() error {
	if err := os.Remove(r.opt.Dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("“%s”不能换成恢复的数据: %w", r.opt.Dir, err)
	}
	if err := os.Rename(r.dir, r.opt.Dir); err != nil {
		return fmt.Errorf("“%s”不能改名为“%s”: %w", r.dir, r.opt.Dir, err)
	}
	return seal.SyncDir(filepath.Dir(r.opt.Dir))
}

// openDatabase writes the database of a backup, opened, to w.
func openDatabase(ctx context.Context, b *bundle.Reader, key []byte, w io.Writer) error {
	m, ok := b.Member(backupDatabase)
	if !ok {
		return fmt.Errorf("备份里没有数据: %w", bundle.ErrMissing)
	}
	in, err := b.Open(backupDatabase)
	if err != nil {
		return err
	}
	defer in.Close()
	stream, err := seal.OpenStream(&forward{r: in}, m.Size, key)
	if err != nil {
		return fmt.Errorf("打开备份里的数据: %w", err)
	}
	clear := io.NewSectionReader(stream, 0, stream.Size())
	_, err = io.Copy(w, readerFunc(func(p []byte) (int, error) {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		return clear.Read(p)
	}))
	if err != nil {
		return fmt.Errorf("取出备份里的数据: %w", err)
	}
	return nil
}

// forward reads at places that follow one another, as a stream read from front
// to back does.
type forward struct {
	r   io.Reader
	pos int64
}

// ReadAt implements io.ReaderAt.
func (f *forward) ReadAt(p []byte, off int64) (int, error) {
	if off != f.pos {
		return 0, fmt.Errorf("从第 %d 字节跳到第 %d 字节: %w", f.pos, off, errors.ErrUnsupported)
	}
	n, err := io.ReadFull(f.r, p)
	f.pos += int64(n)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return n, err
}
