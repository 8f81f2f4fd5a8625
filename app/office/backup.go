package office

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"anxin/model"
	"anxin/model/blob"
	"anxin/model/bundle"
	"anxin/model/seal"
	"anxin/model/store"
)

// A backup is one signed bundle that holds the key file, a copy of the
// database sealed as a stream, and the evidence as it lies on disk. Whatever
// opens the key file opens all of it: an officer's passphrase of that day, or
// the recovery key of the bureau that the key file is sealed to. Without one
// of them it shows how many files there are and how large, and nothing else.
const (
	backupKind     = "backup"
	backupDatabase = "anxin.db.sealed"
	backupPurpose  = "backup " // and the time, names the key of the stream
)

// backupMeta stands in the clear in the bundle's head.
type backupMeta struct {
	Key []byte `json:"key"` // of the database stream, under the data key
}

// Progress of a backup or restore.
type Progress struct {
	Phase string // what is being done, for a person
	Done  int64  // pages or bytes
	Total int64
}

// BackupReport says what a backup holds.
type BackupReport struct {
	Made     time.Time
	Device   model.ID
	Records  int      // when it was begun
	Files    int      // of evidence
	Bytes    int64    // of the whole file
	Missing  []string // evidence that records name and that is not on this laptop
	Recovery bool     // the bureau's recovery key opens it too
}

// Backup writes everything this laptop holds into one file that must not exist
// yet, while work goes on, then opens the file and reads it to its end. It
// leaves nothing behind when it fails or its context is cancelled. One backup is
// made at a time. progress may be nil.
func (o *Office) Backup(ctx context.Context, target string, progress func(Progress)) (BackupReport, error) {
	if progress == nil {
		progress = func(Progress) {}
	}
	if _, err := os.Stat(target); !errors.Is(err, fs.ErrNotExist) {
		return BackupReport{}, fmt.Errorf("“%s”已经存在，请换一个文件名: %w", target, fs.ErrExist)
	}
	scratch := filepath.Join(o.Dir, ".backup")
	err := os.RemoveAll(scratch) // of a backup that was cut off
	if err == nil {
		err = os.Mkdir(scratch, 0o700)
	}
	if err != nil {
		return BackupReport{}, fmt.Errorf("不能在数据文件夹“%s”里建立临时文件，请检查磁盘和权限: %w", o.Dir, err)
	}
	report, err := o.backup(ctx, scratch, target, progress)
	if err = errors.Join(err, os.RemoveAll(scratch)); err != nil {
		return BackupReport{}, fmt.Errorf("备份没有完成: %w", err)
	}
	return report, nil
}

func (o *Office) backup(ctx context.Context, scratch, target string, progress func(Progress)) (BackupReport, error) {
	report := BackupReport{Made: o.Now(), Device: o.Device().ID, Recovery: len(o.Keys.Recoveries()) > 0}
	stats, err := o.Store.Stats(ctx)
	if err != nil {
		return report, err
	}
	report.Records = stats.Records
	snapshot := filepath.Join(scratch, store.File)
	err = o.Store.Backup(ctx, snapshot, func(done, total int) { progress(Progress{"复制数据", int64(done), int64(total)}) })
	if err != nil {
		return report, err
	}
	w := backupWriter{o: o, ctx: ctx, progress: progress}
	if err := w.write(target, snapshot, report.Made); err != nil {
		return report, err
	}
	report.Files, report.Bytes = w.files, w.size
	if err := w.check(target); err != nil {
		return report, errors.Join(fmt.Errorf("写好的备份没有通过核对: %w", err), os.Remove(target))
	}
	report.Missing, err = missingFiles(ctx, o.Store, o.Blobs)
	return report, err
}

// backupWriter writes and checks one backup.
type backupWriter struct {
	o        *Office
	ctx      context.Context
	progress func(Progress)
	key      []byte // of the database stream
	snapshot [sha256.Size]byte
	files    int
	size     int64
	done     int64
	total    int64
}

func (w *backupWriter) write(target, snapshot string, made time.Time) error {
	w.key = make([]byte, seal.StreamKeySize)
	rand.Read(w.key) // never fails
	sealed, err := w.o.Keys.Seal(backupPurpose+made.Format(time.RFC3339), w.key)
	if err != nil {
		return err
	}
	meta, err := json.Marshal(backupMeta{Key: sealed})
	if err != nil {
		return fmt.Errorf("写出备份的说明: %w", err)
	}
	names, err := w.evidence()
	if err != nil {
		return err
	}
	err = bundle.WriteFile(target, bundle.Header{Kind: backupKind, Made: made, Meta: meta}, w.o.Device(), nil, func(b *bundle.Writer) error {
		if err := w.add(b, seal.KeyFile); err != nil {
			return err
		}
		if err := w.addDatabase(b, snapshot); err != nil {
			return err
		}
		for _, name := range names {
			if err := w.add(b, name); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	info, err := os.Stat(target)
	if err != nil {
		return fmt.Errorf("读取“%s”: %w", target, err)
	}
	w.size = info.Size()
	return nil
}

// evidence lists the files of the evidence room by their names in the data
// folder. It is read after the database was copied: a file is there before the
// record that names it.
func (w *backupWriter) evidence() (names []string, err error) {
	root := filepath.Join(w.o.Dir, blob.Folder)
	err = filepath.WalkDir(root, func(full string, e fs.DirEntry, err error) error {
		if err != nil || w.ctx.Err() != nil {
			return errors.Join(err, w.ctx.Err())
		}
		name, err := filepath.Rel(w.o.Dir, full)
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		name = filepath.ToSlash(name)
		if path.Base(path.Dir(name)) == "tmp" {
			return nil // unfinished
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		names = append(names, name)
		w.files++
		w.total += info.Size()
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("列出证据文件夹“%s”: %w", root, err)
	}
	return names, nil
}

func (w *backupWriter) add(b *bundle.Writer, name string) error {
	f, err := os.Open(filepath.Join(w.o.Dir, filepath.FromSlash(name)))
	if err != nil {
		return fmt.Errorf("打开“%s”: %w", name, err)
	}
	_, err = b.Add(name, w.watched("写入备份", f))
	return errors.Join(err, f.Close())
}

// addDatabase seals the copy of the database while it is written.
func (w *backupWriter) addDatabase(b *bundle.Writer, snapshot string) error {
	f, err := os.Open(snapshot)
	if err != nil {
		return fmt.Errorf("打开数据的副本: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("打开数据的副本: %w", err)
	}
	w.total += info.Size()
	r, pipe := io.Pipe()
	defer r.Close() // ends the sealing when the bundle gives up
	sum := sha256.New()
	go func() {
		stream, err := seal.NewStreamWriter(pipe, w.key)
		if err == nil {
			_, err = io.Copy(stream, io.TeeReader(f, sum))
		}
		if err == nil {
			err = stream.Close()
		}
		pipe.CloseWithError(err)
	}()
	if _, err = b.Add(backupDatabase, w.watched("写入备份", r)); err != nil {
		return err
	}
	w.snapshot = [sha256.Size]byte(sum.Sum(nil))
	return nil
}

// check opens the finished file as a restore would: signature, every byte of
// every member, and that the sealed database is the copy that was made.
func (w *backupWriter) check(target string) error {
	d := w.o.Device()
	f, err := bundle.OpenFile(target, bundle.Options{Kind: backupKind, Known: []model.PublicKey{{ID: d.KeyID(), Key: d.Public(), Device: d.ID}}})
	if err != nil {
		return err
	}
	w.progress(Progress{"核对备份", 0, w.size})
	err = f.Verify(w.ctx)
	if err == nil {
		err = w.checkDatabase(f)
	}
	w.progress(Progress{"核对备份", w.size, w.size})
	return errors.Join(err, f.Close())
}

func (w *backupWriter) checkDatabase(f *bundle.File) error {
	sum := sha256.New()
	if err := openDatabase(w.ctx, f.Reader, w.key, sum); err != nil {
		return err
	}
	if !bytes.Equal(sum.Sum(nil), w.snapshot[:]) {
		return fmt.Errorf("数据的副本与原来的不同（%s）: %w", hex.EncodeToString(w.snapshot[:4]), bundle.ErrDamaged)
	}
	return nil
}

// watched reads r, tells the progress and stops when the context ends.
func (w *backupWriter) watched(phase string, r io.Reader) io.Reader {
	return readerFunc(func(p []byte) (int, error) {
		if err := w.ctx.Err(); err != nil {
			return 0, err
		}
		n, err := r.Read(p)
		w.done += int64(n)
		w.progress(Progress{phase, min(w.done, w.total), w.total})
		return n, err
	})
}

type readerFunc func([]byte) (int, error)

// Read implements io.Reader.
func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// missingFiles names the evidence and papers that records speak of and that
// are not in the evidence room.
func missingFiles(ctx context.Context, s *store.Store, blobs *blob.Store) (missing []string, err error) {
	const page = 500
	for _, kind := range []model.Kind{model.KindEvidence, model.KindDocument} {
		for offset := 0; ; offset += page {
			heads, err := s.List(ctx, model.Query{Kind: kind, Limit: page, Offset: offset})
			if err != nil {
				return nil, err
			}
			for _, h := range heads {
				name, sha := fileOf(h)
				if sha == "" {
					continue
				}
				if has, err := blobs.Has(ctx, sha); err != nil {
					return nil, err
				} else if !has {
					missing = append(missing, name)
				}
			}
			if len(heads) < page {
				break
			}
		}
	}
	return missing, nil
}

// fileOf is the file a record speaks of, and how to name it to a person.
func fileOf(h model.Head) (name, sha string) {
	switch h.Kind {
	case model.KindEvidence:
		if e, err := model.As[model.Evidence](h.Body); err == nil {
			return "证据“" + strings.TrimSpace(e.Name) + "”", e.SHA256
		}
	case model.KindDocument:
		if d, err := model.As[model.Document](h.Body); err == nil && d.Issued != nil {
			return "文书“" + d.Issued.Printed() + "”", d.Issued.PDF
		}
	}
	return "", ""
}
