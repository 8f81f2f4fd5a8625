package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestOneServerHasAFolder: a second server on the folder would hand out codes
// with its own address, which ends with it.
func TestOneServerHasAFolder(t *testing.T) {
	o := serving(t)
	err := run(context.Background(), []string{"serve", "--data", o.dir, "--listen", "127.0.0.1:0"}, io.Discard, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "已有一个局服务器在提供服务") {
		t.Errorf("a second server: %v", err)
	}
	if code := o.do("enrol", "--name", "王某"); !strings.HasPrefix(code, o.url+"/") {
		t.Errorf("the code is %s, the server %s", code, o.url)
	}
	o.end()
	if err := run(context.Background(), []string{"serve", "--data", o.dir, "--listen", "x"}, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), "不能监听") {
		t.Errorf("after the first ended: %v", err)
	}
}

// TestBackupLiesElsewhere: a backup within the folder goes with it.
func TestBackupLiesElsewhere(t *testing.T) {
	o := serving(t)
	for _, to := range []string{o.dir, filepath.Join(o.dir, "备份")} {
		err := run(context.Background(), []string{"backup", "--data", o.dir, "--to", to}, io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), "在数据目录里面") {
			t.Errorf("backup to %s: %v", to, err)
		}
	}
	if _, err := os.Stat(filepath.Join(o.dir, "备份")); err == nil {
		t.Error("what was refused left a folder")
	}
}
