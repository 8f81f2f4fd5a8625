package store

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Errors of this room, for errors.Is; those of package model are used where
// they fit.
var (
	// ErrKeys: the database was sealed with other keys than the key file's.
	ErrKeys = errors.New("不是用这个文件夹里的密钥文件密封的，请把两者原来配套的备份一起放回")
	// ErrNewer: the database was written by a newer program.
	ErrNewer = errors.New("由更新版本的程序写入，本程序不能打开，请升级程序")
	// ErrUnknownDevice: a pulled revision was signed by a device nobody named.
	ErrUnknownDevice = errors.New("签名的设备不在本机的公钥名单里，请先联网更新名单")
	// ErrBusy: another program holds the database.
	ErrBusy = errors.New("正在被另一个程序使用，请关闭它后重试")
	// ErrFull: the disk is full; nothing was saved.
	ErrFull = errors.New("所在的磁盘已满，没有保存，请腾出空间后重试")
	// ErrCorrupt: SQLite cannot read the file.
	ErrCorrupt = errors.New("读不出来或者已经损坏，请先检查磁盘，再从备份中恢复")
	// ErrDisk: the disk or folder refused to be read or written.
	ErrDisk = errors.New("读写失败，没有保存，请检查磁盘和文件夹的读写权限后重试")
	// ErrFixed: the database itself refused to change what must not change.
	ErrFixed = errors.New("拒绝修改已经固定的内容")
)

var causes = map[int]error{
	sqlite3.SQLITE_BUSY: ErrBusy, sqlite3.SQLITE_LOCKED: ErrBusy, sqlite3.SQLITE_FULL: ErrFull,
	sqlite3.SQLITE_CORRUPT: ErrCorrupt, sqlite3.SQLITE_NOTADB: ErrCorrupt,
	sqlite3.SQLITE_IOERR: ErrDisk, sqlite3.SQLITE_READONLY: ErrDisk, sqlite3.SQLITE_CANTOPEN: ErrDisk, sqlite3.SQLITE_PERM: ErrDisk,
}

// trouble is what SQLite reported, in a sentence that names the place and what
// to do; SQLite's own words stay behind it for errors.As.
type trouble struct {
	doing string // what was being done, where that was told
	place string
	cause error
	code  int
	err   error
}

// Error implements error.
func (t *trouble) Error() string {
	return fmt.Sprintf("%s数据文件“%s”%v（代码 %d）", t.doing, t.place, t.cause, t.code)
}

// Unwrap lets errors.Is find the cause and errors.As what SQLite reported.
func (t *trouble) Unwrap() []error { return []error{t.cause, t.err} }

// explain puts the sentence a person needs in the place of SQLite's own, going
// by the result code alone. place is the file it happened to.
func explain(place string, err error) error {
	var e *sqlite.Error
	var told *trouble
	if errors.As(err, &told) || !errors.As(err, &e) {
		return err
	}
	cause, ok := causes[e.Code()&0xff]
	if e.Code() == sqlite3.SQLITE_CONSTRAINT_TRIGGER {
		cause, ok = ErrFixed, true
	}
	if !ok {
		return err
	}
	doing, _ := strings.CutSuffix(err.Error(), e.Error())
	if doing == err.Error() {
		doing = ""
	}
	return &trouble{doing: doing, place: place, cause: cause, code: e.Code(), err: err}
}

func (s *Store) explain(err error) error { return explain(s.path(), err) }

// path is where the database lies.
func (s *Store) path() string { return filepath.Join(s.opt.Dir, File) }

// isTaken says that a row of that key exists already.
func isTaken(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && (e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
}
