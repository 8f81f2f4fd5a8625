package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
)

// crashFile in the data folder gets the stack of a program that ended by a
// fault: functions and lines, no record's content. crashStamp names one that is kept.
const (
	crashFile  = "crash.log"
	crashStamp = "crash-20060102-150405.log"
)

// watchCrash lets the runtime write into the data folder whatever ends the
// program, on any goroutine. It returns where the last run's fault is kept, ""
// when that run ended well.
func watchCrash(dir string) (last string, err error) {
	path := filepath.Join(dir, crashFile)
	if info, err := os.Stat(path); err == nil && info.Size() > 0 {
		last = filepath.Join(dir, info.ModTime().Format(crashStamp))
		if err := os.Rename(path, last); err != nil {
			return "", fmt.Errorf("保存诊断信息: %w", err)
		}
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return last, fmt.Errorf("准备诊断文件: %w", err)
	}
	return last, errors.Join(debug.SetCrashOutput(f, debug.CrashOptions{}), f.Close())
}

// ended removes the empty file of a run that ended well.
func ended(dir string) error {
	err := debug.SetCrashOutput(nil, debug.CrashOptions{})
	if gone := os.Remove(filepath.Join(dir, crashFile)); gone != nil && !errors.Is(gone, fs.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	return err
}

// rescue writes what is on the page while the program falls: drafts save
// themselves after a moment's pause, and a fault may come within it.
func (d *desktop) rescue() {
	defer func() { _ = recover() }() // the first fault is the one to be told
	if d.shell != nil && !d.shell.Locked() {
		if l, ok := d.shell.Page().(interface{ Leave() }); ok {
			l.Leave()
		}
	}
	d.close()
}
