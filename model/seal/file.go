package seal

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// WriteFile replaces a small file so that after a crash either the old or the
// new content stands there, never a part, and the new one once it returned.
func WriteFile(path string, data []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".tmp-*")
	if err != nil {
		return fmt.Errorf("写文件“%s”: %w", path, err)
	}
	defer os.Remove(tmp.Name()) // gone already when the rename succeeded
	_, err = tmp.Write(data)
	if err == nil {
		err = tmp.Sync()
	}
	if closed := tmp.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err == nil {
		err = SyncDir(filepath.Dir(path))
	}
	if err != nil {
		return fmt.Errorf("写文件“%s”: %w", path, err)
	}
	return nil
}

// SyncDir makes the names in a folder durable. Windows has no such call and
// writes names through by itself.
func SyncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("打开文件夹“%s”: %w", dir, err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil {
		return fmt.Errorf("保存文件夹“%s”: %w", dir, err)
	}
	return nil
}
