// Package hold takes a folder for one program alone.
//
// It refuses a folder that another program has, and knows nothing of what lies
// in it.
package hold

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrHeld says that another program works on the data folder.
var ErrHeld = errors.New("数据文件夹正被另一个安薪程序使用，请先关闭那个程序再打开")

// heldName is the lock within the folder, where nothing may be written beside it.
const heldName = "anxin.lock"

// Folder takes a data folder for this program alone, until release; the error
// wraps ErrHeld when another program has it. The lock is the operating
// system's: it ends with the program, however that ends, and the file that
// stays behind holds nothing back. The file lies beside the folder, which may
// have to be empty or not exist yet.
func Folder(dir string) (release func() error, err error) {
	dir, err = filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("数据文件夹“%s”: %w", dir, err)
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real // two names of one folder are one folder
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return nil, fmt.Errorf("不能建立文件夹“%s”，请检查权限: %w", filepath.Dir(dir), err)
	}
	f, err := lockFile(dir + ".lock")
	if errors.Is(err, fs.ErrPermission) {
		f, err = lockFile(filepath.Join(dir, heldName))
	}
	if errors.Is(err, ErrHeld) {
		return nil, fmt.Errorf("“%s”: %w", dir, err)
	}
	if err != nil {
		return nil, fmt.Errorf("不能锁定数据文件夹“%s”，请检查权限: %w", dir, err)
	}
	return f.Close, nil
}
