package store

import (
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Errors of this room, for errors.Is; those of package model are used where
// they fit.
var (
	// ErrNewer: the database was written by a newer program.
	ErrNewer = errors.New("数据由更新版本的程序写入，本程序不能打开，请升级程序")
	// ErrUnknownDevice: a pulled revision was signed by a device nobody named.
	ErrUnknownDevice = errors.New("签名的设备不在本机的公钥名单里，请先联网更新名单")
	// ErrBusy: another program holds the database.
	ErrBusy = errors.New("数据正在被另一个程序使用，请关闭它后重试")
	// ErrFull: the disk is full; nothing was saved.
	ErrFull = errors.New("磁盘已满，没有保存，请腾出空间后重试")
	// ErrCorrupt: SQLite cannot read the file.
	ErrCorrupt = errors.New("数据文件已经损坏，请从备份中恢复")
	// ErrDisk: the disk or folder refused to be read or written.
	ErrDisk = errors.New("磁盘读写失败，没有保存，请检查磁盘和文件夹的权限后重试")
	// ErrFixed: the database itself refused to change what must not change.
	ErrFixed = errors.New("数据库拒绝修改已经固定的内容")
)

var causes = map[int]error{
	sqlite3.SQLITE_BUSY: ErrBusy, sqlite3.SQLITE_LOCKED: ErrBusy, sqlite3.SQLITE_FULL: ErrFull,
	sqlite3.SQLITE_CORRUPT: ErrCorrupt, sqlite3.SQLITE_NOTADB: ErrCorrupt,
	sqlite3.SQLITE_IOERR: ErrDisk, sqlite3.SQLITE_READONLY: ErrDisk, sqlite3.SQLITE_CANTOPEN: ErrDisk, sqlite3.SQLITE_PERM: ErrDisk,
}

// explain puts the sentence a person needs before SQLite's own, going by the
// result code alone.
func explain(err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	if e.Code() == sqlite3.SQLITE_CONSTRAINT_TRIGGER {
		return fmt.Errorf("%w: %w", ErrFixed, err)
	}
	if cause, ok := causes[e.Code()&0xff]; ok {
		return fmt.Errorf("%w: %w", cause, err)
	}
	return err
}

// isTaken says that a row of that key exists already.
func isTaken(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && (e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
}
